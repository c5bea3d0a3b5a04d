import { mkdir } from "node:fs/promises";
import { flushCompileCache } from "node:module";
import { pino } from "pino";
import { startRuntime } from "./runtime.ts";
import { type RuntimeConfig, readRuntimeConfig } from "./runtime-config.ts";

/** Entry point of the runtime: reads the environment, runs until SIGTERM or SIGINT. */
const config = readConfig();
const logger = pino({ level: config.logLevel, base: { runtimeId: config.runtimeId } }, pino.destination({ sync: true }));

process.on("uncaughtException", (cause) => logger.error({ err: cause }, "an error that nobody caught"));
process.on("unhandledRejection", (cause) => logger.error({ err: cause }, "a rejection that nobody caught"));

await mkdir(config.fileFolders[0], { recursive: true });
const runtime = await startRuntime(config, logger).catch((cause: unknown) => {
  const inUse = cause instanceof Error && "code" in cause && cause.code === "EADDRINUSE";
  const advice = inUse ? `Port ${config.port} is in use. Set MILLRACE_RUNTIME_PORT to a free one.` : "The runtime could not start.";
  logger.fatal({ err: cause }, advice);
  process.exit(1);
});

// One that is killed would not leave what it has compiled to the next.
flushCompileCache();

let ending = false;
for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.on(signal, () => {
    if (ending) return;
    ending = true;
    logger.info({ signal }, "shutting down");
    void runtime.stop().finally(() => process.exit(0));
  });
}

function readConfig(): RuntimeConfig {
  try {
    return readRuntimeConfig(process.env);
  } catch (cause) {
    process.stderr.write(`${cause instanceof Error ? cause.message : String(cause)}\n`);
    process.exit(1);
  }
}
