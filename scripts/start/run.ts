import { join } from "node:path";
import { reportStep } from "../bootstrap/report-step.mjs";
import { repositoryRoot } from "../bootstrap/repository.mjs";
import { startStepCount } from "../bootstrap/step-counts.mjs";
import { LauncherError } from "../launcher/launcher-error.ts";
import { takeDataFolder } from "../launcher/start-services.ts";
import { Supervisor } from "../launcher/supervisor.ts";
import { generateDatabaseClient } from "../setup/generate-database-client.ts";

/** `npm start` after the installation: runs the product until a signal comes, or the process that started this one is gone. */
async function run(): Promise<number> {
  const called = callOff();
  await reportStep({ number: 2, of: startStepCount, title: "Generate the database client" }, () => generateDatabaseClient(called.signal));
  // Not before: it imports the client that has just been generated.
  const { launch } = await import("./launch.ts");
  const { folder, release } = await takeDataFolder(process.env.MILLRACE_DATA || join(repositoryRoot, ".millrace"));
  const supervisor = new Supervisor((message) => console.log(message));
  try {
    const address = await launch({ folder, supervisor, environment: process.env, signal: called.signal });
    console.log(`\nMillrace is running at ${address}\nData and logs are in ${folder.path}. Ctrl-C stops it.`);
    await called.promise;
    return 0;
  } catch (error) {
    if (called.signal.aborted) return 0;
    throw error;
  } finally {
    if (called.signal.aborted) console.log("Stopping …");
    await supervisor.stop();
    await release();
  }
}

function callOff(): { readonly signal: AbortSignal; readonly promise: Promise<void> } {
  const controller = new AbortController();
  const { promise, resolve } = Promise.withResolvers<void>();
  const end = () => {
    controller.abort();
    resolve();
  };
  // Again and again: the terminal and npm both hand a Ctrl-C on.
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, end);
  process.once("disconnect", end);
  return { signal: controller.signal, promise };
}

async function runToExitCode(): Promise<number> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof LauncherError) console.error(`\n${error.message}\n${error.fix}`.trimEnd());
    else console.error(error);
    return 1;
  }
}

// Timers of libraries and the channel to the parent would keep the process alive.
process.exit(await runToExitCode());
