import { expect, test } from "vitest";
import { effectsPerKey } from "./effects-per-key.ts";

test("counts rows by key, and names the keys that are there more than once", () => {
  const rows = [{ id: "a" }, { id: "b" }, { id: "a" }, { id: 1 }, { id: "c", x: 1 }, { other: 1 }, { id: null }, { id: "c" }, { id: "c" }];
  expect(effectsPerKey(rows, "id")).toEqual({
    rows: 7,
    keys: 4,
    repeated: [
      { key: "c", count: 3 },
      { key: "a", count: 2 },
    ],
  });
});
