import { createServer, type Server } from "node:http";

/** What the health endpoints ask. */
export interface Health {
  /** Why the runtime cannot work just now; null when it can. */
  notReady(): string | null;
  metrics(): Promise<string>;
}

/** Serves `/livez`, `/readyz` and `/metrics` on the loopback address; resolves when it listens. */
export async function startHealthServer(port: number, health: Health): Promise<Server> {
  const server = createServer((request, response) => {
    const answer = (status: number, body: string, type = "text/plain; charset=utf-8"): void => {
      response.writeHead(status, { "content-type": type, "cache-control": "no-store" }).end(`${body}\n`);
    };
    if (request.method !== "GET" && request.method !== "HEAD") return answer(405, "only GET");
    const path = request.url?.split("?")[0];
    if (path === "/livez") return answer(200, "ok");
    if (path === "/readyz") {
      const reason = health.notReady();
      return reason === null ? answer(200, "ok") : answer(503, reason);
    }
    if (path !== "/metrics") return answer(404, "there are /livez, /readyz and /metrics");
    health.metrics().then(
      (text) => answer(200, text.trimEnd(), "text/plain; version=0.0.4; charset=utf-8"),
      () => answer(500, "the metrics could not be collected"),
    );
  });
  server.headersTimeout = 5000;
  server.requestTimeout = 10_000;
  server.maxConnections = 100;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return server;
}
