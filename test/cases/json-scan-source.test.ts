import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const engine = join(import.meta.dirname, "../../packages/engine");

test("the module that scans JSON is assembled from its source", () => {
  const built = execFileSync(process.execPath, [join(engine, "scripts/build-json-scan.ts"), "--print"], { encoding: "utf8" });
  expect(readFileSync(join(engine, "src/column/json-scan.wasm.ts"), "utf8")).toBe(built);
});
