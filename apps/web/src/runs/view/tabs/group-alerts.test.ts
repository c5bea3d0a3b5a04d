import { expect, it } from "vitest";
import type { AlertEntry, Row } from "../../../live/live-event.ts";
import { groupAlerts } from "./group-alerts.ts";

function entry(id: string, row: Row): AlertEntry {
  return { id, atMs: Number(id.split("-")[0]), sink: "alerts", row };
}

const raised = {
  alert_key: "cart",
  transition: "raised",
  severity: "critical",
  title: "cart: 120 errors",
  raised_at: 1000,
  at: 1000,
  service: "cart",
  errors: 120,
};
const cleared = { ...raised, transition: "cleared", title: "cart: 10 errors", at: 61_000, errors: 10 };

it("joins raising and clearing, keeping the numbers that raised it", () => {
  const [alert, ...others] = groupAlerts([entry("9-0", cleared), entry("5-0", raised)]);
  expect(others).toHaveLength(0);
  expect(alert).toMatchObject({
    severity: "critical",
    title: "cart: 120 errors",
    state: "cleared",
    raisedAtMs: 1000,
    clearedAtMs: 61_000,
    atMs: 9,
    numbers: { service: "cart", errors: 120 },
  });
});

it("takes newer numbers from a repeat", () => {
  const [alert] = groupAlerts([entry("9-0", { ...raised, transition: "repeated", at: 31_000, errors: 200 }), entry("5-0", raised)]);
  expect(alert).toMatchObject({ state: "raised", numbers: { errors: 200 } });
});

it("keeps alerts of other keys, inboxes and moments apart", () => {
  const other = { ...raised, alert_key: "search" };
  const again = { ...raised, raised_at: 99_000 };
  expect(groupAlerts([entry("3-0", again), entry("2-0", other), entry("1-0", raised)])).toHaveLength(3);
});

it("shows rows that are no alerts, one by one", () => {
  const alerts = groupAlerts([entry("2-0", { x: 1 }), entry("1-0", { x: 1 })]);
  expect(alerts.map((alert) => [alert.title, alert.severity, alert.raisedAtMs])).toEqual([
    ["Alert", null, null],
    ["Alert", null, null],
  ]);
});
