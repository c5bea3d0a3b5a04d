import type { Page } from "@playwright/test";

/** Opens the first template of the gallery in the editor; returns its address. */
export async function openFirstTemplate(page: Page): Promise<string> {
  await page
    .getByRole("button", { name: "Open" })
    .or(page.getByRole("link", { name: "Open" }))
    .first()
    .click();
  await page.waitForURL(/\/pipelines\//);
  return page.url();
}
