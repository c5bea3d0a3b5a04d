import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const vectors = join(import.meta.dirname, "../../../shared/vectors");
const families = ["cep", "joins", "windows"];

it.for(families)("no case of other engines fails: %s", (family, context) => {
  if (!existsSync(vectors)) context.skip("SKIPPED: ../shared/vectors is not beside the project");
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, "main.ts"), join(vectors, family)], {
    encoding: "utf8",
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout).toMatch(/[1-9]\d* passed, 0 failed/);
});
