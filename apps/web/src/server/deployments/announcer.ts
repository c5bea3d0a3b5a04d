import { log } from "../log.ts";
import type { Services } from "../services.ts";
import { announceDesired } from "./announce-desired.ts";

const intervalMs = 10_000;

/** Announces the desired state now and every ten seconds until the signal is aborted. Outages pass in silence but for one line. */
export function startAnnouncer(services: Services, signal: AbortSignal): void {
  let failed = false;
  const round = async (): Promise<void> => {
    try {
      const changes = await announceDesired(services);
      if (changes > 0) log.info({ changes }, "announced the desired deployments");
      failed = false;
    } catch (error) {
      if (!failed)
        log.warn({ reason: error instanceof Error ? error.message : String(error) }, "the desired deployments cannot be announced for now");
      failed = true;
    }
  };
  let timer: ReturnType<typeof setTimeout> | undefined;
  const loop = async (): Promise<void> => {
    await round();
    if (!signal.aborted) timer = setTimeout(() => void loop(), intervalMs).unref();
  };
  signal.addEventListener("abort", () => clearTimeout(timer));
  void whenConnected(services.redis).then(loop);
}

/** The connection opens while the server starts; the first round waits for it a little. */
async function whenConnected(redis: Services["redis"]): Promise<void> {
  if (redis.status === "ready") return;
  await new Promise<void>((resolve) => {
    redis.once("ready", resolve);
    setTimeout(resolve, 2000).unref();
  });
}
