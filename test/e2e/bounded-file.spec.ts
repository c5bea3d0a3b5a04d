import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { watchConsole } from "./console-watch.ts";
import { readTotals } from "./run-view.ts";

const lines = 1234;

/** A pipeline over a file of the data folder: every line but the broken ones reaches the table. */
const pipeline = JSON.stringify({
  formatVersion: 1,
  pipeline: {
    id: "orders",
    name: "Orders from a file",
    nodes: {
      orders: {
        type: "file-source",
        version: 1,
        label: "Orders",
        params: {
          path: "orders.ndjson",
          fields: [
            { name: "id", type: "bigint" },
            { name: "amount", type: "double" },
          ],
        },
      },
      large: { type: "filter", version: 1, label: "Large orders", params: { where: "amount >= 100" } },
      table: { type: "live-table", version: 1 },
    },
    edges: [
      { from: "large.out", to: "table.in" },
      { from: "orders.out", to: "large.in" },
    ],
  },
});

test("an imported pipeline reads a file to its end: counts equal the records read, broken lines are shown", async ({ page }) => {
  test.setTimeout(120_000);
  const problems = watchConsole(page);
  const folder = join(process.env.MILLRACE_E2E_DATA ?? "", "files");
  mkdirSync(folder, { recursive: true });
  const rows = Array.from({ length: lines }, (_, i) => (i === 99 ? '{"id": 99, "amount"' : JSON.stringify({ id: i, amount: i % 200 })));
  writeFileSync(join(folder, "orders.ndjson"), `${rows.join("\n")}\n`);
  const large = rows.filter((row, i) => i !== 99 && JSON.parse(row).amount >= 100).length;

  await page.goto("/");
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Import" }).first().click();
  await (await chooser).setFiles({ name: "orders.json", mimeType: "application/json", buffer: Buffer.from(pipeline) });
  await page.waitForURL(/\/pipelines\//);
  await page.getByRole("button", { name: "Deploy", exact: true }).click();
  await page.waitForTimeout(1000);
  await page.goto(`${page.url()}/run`);
  await expect(page.getByText("Finished", { exact: true })).toBeVisible({ timeout: 30_000 });
  expect(await readTotals(page, "Orders")).toEqual({ recordsIn: lines, recordsOut: lines - 1 });
  expect(await readTotals(page, "Large orders")).toEqual({ recordsIn: lines - 1, recordsOut: large });
  await page.getByRole("tab", { name: /Dead letters/ }).click();
  await expect(page.getByRole("tabpanel")).toContainText("line 100");
  await page.getByRole("tab", { name: /Live table/ }).click();
  await expect(page.getByRole("tabpanel").getByRole("row").nth(1)).toBeVisible();
  expect(problems).toEqual([]);
});
