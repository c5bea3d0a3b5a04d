import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const engine = join(import.meta.dirname, "../../packages/engine");

test("the modules that scan and write JSON are assembled from their sources", () => {
  const built = execFileSync(process.execPath, [join(engine, "scripts/build-json-modules.ts"), "--print"], { encoding: "utf8" });
  const read = (file: string): string => readFileSync(join(engine, `src/column/${file}.wasm.ts`), "utf8");
  expect(read("json-scan") + read("json-write")).toBe(built);
});
