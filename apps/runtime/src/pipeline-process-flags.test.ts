import { spawnSync } from "node:child_process";
import { expect, it } from "vitest";
import { pipelineProcessFlags } from "./pipeline-process-flags.ts";

it("lets pipelines collect their garbage themselves on few cores alone, with flags that Node knows", () => {
  expect(pipelineProcessFlags(2)).toContain("--single-threaded-gc");
  expect(pipelineProcessFlags(4)).not.toContain("--single-threaded-gc");
  const { status, stdout } = spawnSync(process.execPath, [...pipelineProcessFlags(1), "--print", "1 + 1"], { encoding: "utf8" });
  expect([status, stdout.trim()]).toEqual([0, "2"]);
});
