import { expect, type Page } from "@playwright/test";

/** Numbers of a node as the run view shows them. */
export interface ShownTotals {
  readonly recordsIn: number;
  readonly recordsOut: number;
}

/** Chooses a node beside the charts and reads its totals. */
export async function readTotals(page: Page, node: string): Promise<ShownTotals> {
  const panel = page.getByRole("complementary", { name: "Charts of a node" });
  await panel.getByRole("combobox", { name: "Node" }).click();
  await page.getByRole("option", { name: node, exact: true }).click();
  await expect(panel.getByRole("combobox", { name: "Node" })).toHaveText(node);
  return { recordsIn: await readNumber(page, "In, total"), recordsOut: await readNumber(page, "Out, total") };
}

/** The number that stands under a term of the charts' panel. */
export async function readNumber(page: Page, term: string): Promise<number> {
  const panel = page.getByRole("complementary", { name: "Charts of a node" });
  const definition = panel.locator("dt", { hasText: term }).locator("xpath=following-sibling::dd[1]");
  await expect(definition).toHaveText(/\d/);
  return Number((await definition.innerText()).replaceAll(/[^\d.-]/g, ""));
}
