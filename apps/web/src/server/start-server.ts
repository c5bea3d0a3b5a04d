import { startAnnouncer } from "./deployments/announcer.ts";
import { log } from "./log.ts";
import { services } from "./services.ts";

/** Called once when the server starts: announces what is to run, and ends open streams when the process is told to end. */
export function startServer(): void {
  const { shutdown, ...rest } = services();
  startAnnouncer({ shutdown, ...rest }, shutdown.signal);
  const end = (signal: NodeJS.Signals): void => {
    if (shutdown.signal.aborted) return;
    log.info({ signal }, "ending open streams");
    shutdown.abort();
  };
  process.once("SIGTERM", end);
  process.once("SIGINT", end);
}
