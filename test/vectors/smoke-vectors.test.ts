import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { outcomeOf } from "./outcome-of.ts";

/** Queries of our own in the form of those of Arroyo, for what the collected ones leave out. */
const folder = mkdtempSync(join(tmpdir(), "smoke-vectors-"));
afterAll(() => rmSync(folder, { recursive: true }));

const rides = [
  { ts: 1000, driver: 1, kind: "pickup" },
  { ts: 3000, driver: 1, kind: "dropoff" },
  { ts: 4000, driver: 2, kind: "pickup" },
  { ts: 12_000, driver: 1, kind: "pickup" },
  { ts: 13_000, driver: 2, kind: "pickup" },
  { ts: 14_000, driver: 2, kind: "pickup" },
];
writeFileSync(join(folder, "rides.json"), JSON.stringify(rides));
writeFileSync(join(folder, "late.json"), JSON.stringify([rides[0], rides[3], rides[1]]));

type Rows = readonly Readonly<Record<string, unknown>>[];

function outcome(spec: object, expected: Rows, expectedMode = "append", input = "rides.json"): Promise<string> {
  return outcomeOf({ spec, input, expectedMode, expected }, folder);
}

/** The member `then` of a spec; an object that is written with one could be taken for a promise. */
const followedBy = (text: string): object => JSON.parse(`{"then":${JSON.stringify(text)}}`);

const window = { kind: "tumbling", sizeMs: 10_000 };
const counted = { window, keyBy: ["driver"], aggregates: [{ fn: "count", as: "n" }] };

it("where, having and then are part of a query", async () => {
  const spec = { ...counted, where: "kind = 'pickup'", having: "count(*) > 1", output: ["window start as at", "driver", "n"] };
  expect(await outcome(spec, [{ at: 10_000, driver: 2, n: 2 }])).toBe("passed");
  const ranked = "ROW_NUMBER() OVER (PARTITION BY window ORDER BY n DESC, driver DESC) AS place WHERE place = 1";
  const places = [
    { start: 0, end: 10_000, driver: 1, n: 2, place: 1 },
    { start: 10_000, end: 20_000, driver: 2, n: 2, place: 1 },
  ];
  expect(await outcome({ ...counted, ...followedBy(ranked), output: ["start", "end", "driver", "n", "place"] }, places)).toBe("passed");
  const lists = {
    window,
    aggregates: [{ fn: "arrayAgg", field: "driver", as: "drivers" }],
    ...followedBy("UNNEST(drivers) AS driver WHERE driver = 2"),
  };
  expect(await outcome(lists, [{ driver: 2 }, { driver: 2 }, { driver: 2 }])).toBe("passed");
});

it("what nobody reads is an error, not a remark", async () => {
  expect(await outcome({ ...counted, whre: "kind = 'pickup'" }, [])).toBe("nobody knows what whre of the spec means");
});

it("a watermark has the delay that is written", async () => {
  const spec = (watermark: string) => ({ window, aggregates: [{ fn: "count", as: "n" }], watermark, output: ["start", "n"] });
  const rows = (first: number): Rows => [
    { start: 0, n: first },
    { start: 10_000, n: 1 },
  ];
  expect(await outcome(spec("= ts - 10 s"), rows(2), "append", "late.json")).toBe("passed");
  expect(await outcome(spec("= ts, no delay"), rows(1), "append", "late.json")).toBe("passed");
});

it("columns of a join are those of the side that is named", async () => {
  const per = "1 minute tumbling, count(*) AS n per driver";
  const sides = { left: `rides WHERE kind = 'dropoff': ${per}`, right: `rides WHERE kind = 'pickup': ${per}` };
  const spec = { join: { mode: "right", ...sides, on: "same window and right.driver = left.driver" } };
  const output = ["left.n as dropoffs", "right.n as n", "right.driver as driver", "window start as minute"];
  const rows = [
    { dropoffs: 1, n: 2, driver: 1, minute: 0 },
    { dropoffs: null, n: 3, driver: 2, minute: 0 },
  ];
  expect(await outcome({ ...spec, output }, rows)).toBe("passed");
});

it("records alone, unions, and queries over queries", async () => {
  const dropoff = [{ at: 3000, driver: 1 }];
  expect(await outcome({ where: "kind = 'dropoff'", output: ["ts as at", "driver"] }, dropoff)).toBe("passed");
  const union = ["rides WHERE kind = 'dropoff'", "SELECT ts, driver, kind FROM rides WHERE kind = 'dropoff'"];
  expect(await outcome({ union, output: ["ts as at", "driver"] }, [...dropoff, ...dropoff])).toBe("passed");
  const inner = "rides WHERE kind = 'pickup': 1 minute tumbling, count(*) AS n per driver HAVING count(*) > 2";
  expect(await outcome({ inner, outer: "1 minute tumbling, COUNT(DISTINCT driver) AS drivers" }, [{ drivers: 1 }])).toBe("passed");
  const updating = { inner: "count(*) per driver WHERE kind = 'pickup' (updating)", outer: "count(*) AS drivers" };
  expect(await outcome(updating, [{ drivers: 2 }], "finalTable")).toBe("passed");
});

it("a session with a record at its gap is deliberately different", async () => {
  const spec = {
    window: { kind: "session", gapMs: 9000 },
    keyBy: ["driver"],
    aggregates: [{ fn: "count", as: "n" }],
    output: ["start", "end", "driver", "n"],
  };
  const rows = [
    { start: 1000, end: 12_000, driver: 1, n: 2 },
    { start: 4000, end: 13_000, driver: 2, n: 1 },
    { start: 12_000, end: 21_000, driver: 1, n: 1 },
    { start: 13_000, end: 23_000, driver: 2, n: 2 },
  ];
  expect(await outcome(spec, rows)).toBe("different");
});
