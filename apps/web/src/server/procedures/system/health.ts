import { checkHealth } from "../../check-health.ts";
import { procedure } from "../../trpc.ts";

/** Whether PostgreSQL and Redis answer, and which runtimes are alive. */
export const health = procedure({ role: "viewer" }).query(({ ctx }) => checkHealth(ctx.services));
