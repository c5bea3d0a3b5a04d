import { expect, it } from "vitest";
import { aggregateName, changeAggregate, emptyAggregate, readAggregates, writeAggregates } from "./aggregate-entries.ts";

const entry = (as: string, fn: string, argument = "", filter = "") => ({ ...emptyAggregate(as, fn), argument, filter });

it("names results after what they are", () => {
  expect(aggregateName("count", "")).toBe("count");
  expect(aggregateName("avg", "`latency_ms`")).toBe("avg_latency_ms");
  expect(aggregateName("sum", "a + b")).toBe("sum");
});

it("lets the name follow until somebody has chosen one", () => {
  const entries = [entry("count", "count"), entry("total", "sum", "amount")];
  expect(changeAggregate(entries, 0, { fn: "max", argument: "amount" })[0].as).toBe("max_amount");
  expect(changeAggregate(entries, 1, { argument: "price" })[1].as).toBe("total");
  expect(changeAggregate([entry("count", "count"), entry("count_2", "count")], 1, { argument: "id" })[1].as).toBe("count_id");
  expect(changeAggregate(entries, 0, { as: "n" })[0].as).toBe("n");
});

it("reads what it writes and leaves empty text out", () => {
  const entries = [entry("n", "count"), entry("s", "sum", "a", "a > 0")];
  expect(writeAggregates(entries)).toEqual([
    { as: "n", fn: "count" },
    { as: "s", fn: "sum", argument: "a", filter: "a > 0" },
  ]);
  expect(readAggregates(writeAggregates(entries))).toEqual(entries);
  expect(readAggregates([{ as: 3 }, null, "x"])).toEqual([entry("3", ""), entry("", ""), entry("", "")]);
});

it("keeps the options that a function takes, an empty separator too, and gives a percentile its fraction", () => {
  const joined = { ...entry("s", "string_agg", "who"), separator: "", limit: 3 };
  expect(writeAggregates([joined])).toEqual([{ as: "s", fn: "string_agg", argument: "who", limit: 3, separator: "" }]);
  expect(readAggregates(writeAggregates([joined]))).toEqual([joined]);
  expect(changeAggregate([joined], 0, { fn: "collect" })[0]).toMatchObject({ limit: 3, separator: null });
  expect(changeAggregate([joined], 0, { fn: "percentile" })[0]).toMatchObject({ fraction: 0.95, limit: null, separator: null });
  expect(changeAggregate([joined], 0, { fn: "sum" })[0]).toMatchObject({ fraction: null, limit: null, separator: null });
});
