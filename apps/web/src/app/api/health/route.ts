import { checkHealth } from "../../../server/check-health.ts";
import { services } from "../../../server/services.ts";

export const runtime = "nodejs";
export const dynamic = "force-dynamic";

/** 200 when PostgreSQL and Redis answer, else 503; for load balancers and the launcher. */
export async function GET(): Promise<Response> {
  const { database, redis, runtimes } = await checkHealth(services());
  const isHealthy = database === "up" && redis === "up";
  return Response.json(
    { status: isHealthy ? "ok" : "degraded", database, redis, runtimes: runtimes.length },
    { status: isHealthy ? 200 : 503, headers: { "cache-control": "no-store" } },
  );
}
