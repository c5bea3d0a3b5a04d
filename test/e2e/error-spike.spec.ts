import { expect, test } from "@playwright/test";
import { watchConsole } from "./console-watch.ts";
import { openFirstTemplate } from "./open-template.ts";
import { readTotals } from "./run-view.ts";

test("from the gallery to an alert, a changed threshold with its state kept, and a stop", async ({ page }) => {
  test.setTimeout(240_000);
  const problems = watchConsole(page);

  await page.goto("/gallery");
  const editor = await openFirstTemplate(page);
  await expect(page.getByRole("application", { name: "Canvas" })).toBeVisible();

  const opened = Date.now();
  await page.getByRole("button", { name: "Deploy", exact: true }).click();
  await expect(page.getByText("Running version 1")).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole("group", { name: "Edge from service_logs to only_errors" })).toHaveText(/[1-9][\d.]*k?\/s/, {
    timeout: 20_000,
  });

  await page.goto(`${editor}/run`);
  const alerts = page.getByRole("list", { name: "Alerts, newest first" }).getByRole("listitem");
  await expect(alerts.first()).toContainText(/errors in 5 min/, { timeout: 60_000 });
  expect(Date.now() - opened).toBeLessThan(60_000);
  const before = await readTotals(page, "Service logs");
  expect(before.recordsIn).toBeGreaterThan(1000);

  await page.getByRole("link", { name: "Edit" }).click();
  await page.waitForURL(editor);
  await page.getByRole("application", { name: "Canvas" }).getByText("Too many errors").click();
  await page.getByRole("textbox", { name: "Raise when" }).click();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("errors > 120");
  await expect(page.getByText(/1 change since/)).toBeVisible();
  await page.getByRole("button", { name: "Deploy", exact: true }).click();
  await expect(page.getByText("Running version 2")).toBeVisible({ timeout: 30_000 });

  await page.goto(`${editor}/run`);
  await expect(page.getByText("Running", { exact: true })).toBeVisible({ timeout: 20_000 });
  await expect(async () => {
    expect((await readTotals(page, "Service logs")).recordsIn).toBeGreaterThan(before.recordsIn);
  }).toPass({ timeout: 30_000 });

  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: /^Stop/ }).first().click();
  await expect(page.getByText("Stopped", { exact: true })).toBeVisible({ timeout: 30_000 });
  await expect(async () => {
    const read = await readTotals(page, "Service logs");
    const filtered = await readTotals(page, "Only errors");
    expect(filtered.recordsIn).toBe(read.recordsOut);
    expect(read.recordsOut).toBeGreaterThan(before.recordsOut);
  }).toPass({ timeout: 15_000 });

  expect(problems).toEqual([]);
});
