import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { pipelineProcessFlags } from "@millrace/runtime/pipeline-process-flags";

/** Runs the bench as pipelines are run: what it measures in its own process counts with the settings of theirs. */
const main = fileURLToPath(new URL("main.ts", import.meta.url));
const { status } = spawnSync(process.execPath, [...pipelineProcessFlags(), main, ...process.argv.slice(2)], { stdio: "inherit" });
process.exitCode = status ?? 1;
