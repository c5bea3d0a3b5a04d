import AxeBuilder from "@axe-core/playwright";
import { expect, type Page, test } from "@playwright/test";
import { openFirstTemplate } from "./open-template.ts";

async function violations(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes
        .map((node) => node.target.join(" "))
        .slice(0, 3)
        .join(", ")}`,
  );
}

for (const colorScheme of ["light", "dark"] as const) {
  test(`axe finds no violation on any page, ${colorScheme}`, async ({ page }) => {
    test.setTimeout(120_000);
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.goto("/gallery");
    await expect(page.getByRole("heading", { name: "Gallery" })).toBeVisible();
    expect(await violations(page)).toEqual([]);
    await page.getByRole("button", { name: "What it does" }).first().click();
    await expect(page.getByRole("dialog")).toBeVisible();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press("Escape");

    const editor = await openFirstTemplate(page);
    await expect(page.getByRole("application", { name: "Canvas" }).getByText("Only errors")).toBeVisible();
    expect(await violations(page)).toEqual([]);
    for (const node of ["Service logs", "Errors per service", "Too many errors"]) {
      // The panel of the last one may be in front of it: Playwright would push the canvas about, and click beside it.
      await page.getByRole("button", { name: "Show everything" }).click();
      await page.getByRole("application", { name: "Canvas" }).getByText(node, { exact: true }).click();
      for (const tab of ["Settings", "Data", "Docs"]) {
        await page.getByRole("tab", { name: tab, exact: true }).click();
        expect(await violations(page)).toEqual([]);
      }
    }

    await page.goto(`${editor}/run`);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    expect(await violations(page)).toEqual([]);

    await page.goto("/");
    await expect(page.getByRole("main")).toBeVisible();
    expect(await violations(page)).toEqual([]);
    await page.goto("/nowhere");
    expect(await violations(page)).toEqual([]);
  });
}
