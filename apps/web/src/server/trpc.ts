import { initTRPC } from "@trpc/server";
import { type Actor, mayActAs, type Role } from "./actor.ts";
import { Problem } from "./errors/problem.ts";
import { problemShape } from "./errors/problem-shape.ts";
import { storageProblem } from "./errors/storage-problem.ts";
import type { Services } from "./services.ts";

/** What every procedure is given. */
export interface Context {
  readonly actor: Actor;
  readonly services: Services;
}

/** What every procedure declares. */
export interface ProcedureMeta {
  readonly role: Role;
}

const t = initTRPC
  .context<Context>()
  .meta<ProcedureMeta>()
  .create({
    isDev: false,
    errorFormatter: ({ shape, error, path }) => {
      const data = problemShape(error, path);
      return { message: data.message, code: shape.code, data };
    },
    sse: { ping: { enabled: true, intervalMs: 5000 }, client: { reconnectAfterInactivityMs: 15_000 } },
  });

export const router = t.router;
export const callerFactory = t.createCallerFactory;

/** The one way to make a procedure: it names the least role that may call it, and storage failures become problems. */
export function procedure(meta: ProcedureMeta) {
  return t.procedure
    .meta(meta)
    .use(async ({ ctx, path, next }) => {
      if (!mayActAs(ctx.actor, meta.role)) throw forbidden(ctx.actor, meta.role, path);
      return next();
    })
    .use(async ({ next }) => {
      const result = await next();
      if (result.ok || result.error instanceof Problem) return result;
      const problem = storageProblem(result.error);
      if (problem !== null) throw problem;
      return result;
    });
}

function forbidden(actor: Actor, needed: Role, path: string): Problem {
  return new Problem({
    transport: "FORBIDDEN",
    code: "ROLE_MISSING",
    message: `${path} needs the role ${needed}; ${actor.name} has the role ${actor.role}.`,
    fix: "Ask an admin for the role.",
  });
}
