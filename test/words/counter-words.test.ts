import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { counterState, counterWords } from "@millrace/engine";
import { expect, test } from "vitest";

test("every counter of every operator has words of its own", () => {
  const source = join(import.meta.dirname, "../../packages/engine/src");
  const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith("-operator.ts"));
  const names = new Set<string>();
  for (const path of files) {
    const text = readFileSync(join(source, path), "utf8");
    for (const [, body] of text.matchAll(/counters: \{([^}]*)\}/g)) {
      for (const [, name] of body.matchAll(/(?:^|,)\s*([a-z_]+)\s*(?=[:,]|$)/g)) names.add(name);
    }
  }
  const unnamed = [...names].filter((name) => counterWords(name).help === "");
  expect({ unnamed, enough: names.size > 20 }).toEqual({ unnamed: [], enough: true });
});

test("a phase is a word, a count is a number, and an unknown counter keeps its name", () => {
  expect([counterState("loading", 1), counterState("loading", 0), counterState("asked", 1)]).toEqual(["Loading", "Joining", null]);
  expect(counterWords("some_thing")).toEqual({ label: "some thing", help: "" });
});
