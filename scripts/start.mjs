// `npm start`: plain JavaScript, because it runs before anything is installed and on Node 20.
import { installDependencies } from "./bootstrap/install.mjs";
import { reportStep } from "./bootstrap/report-step.mjs";
import { requireNodeVersion } from "./bootstrap/require-node-version.mjs";
import { runUnderOwnNode } from "./bootstrap/run-under-own-node.mjs";
import { startStepCount } from "./bootstrap/step-counts.mjs";

requireNodeVersion();
try {
  await reportStep({ number: 1, of: startStepCount, title: "Install dependencies" }, installDependencies);
  process.exitCode = await runUnderOwnNode("scripts/start/run.ts", process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
