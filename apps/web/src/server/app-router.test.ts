import { describe, expect, it } from "vitest";
import { type Role, roles } from "./actor.ts";
import { appRouter } from "./app-router.ts";
import { fakeServices } from "./testing/fake-services.ts";
import { callerFactory, type ProcedureMeta } from "./trpc.ts";

interface AnyProcedure {
  readonly _def: { readonly type: string; readonly meta?: Partial<ProcedureMeta> };
}

// The router keeps its procedures by path; their own types differ, what is looked at here does not.
const procedures = Object.entries(appRouter._def.procedures as unknown as Readonly<Record<string, AnyProcedure>>);

/** Every procedure with the least role that may call it. A new one is entered here by whoever adds it. */
const expectedRoles: Readonly<Record<string, Role>> = {
  "alerts.list": "viewer",
  "connections.list": "editor",
  "connections.sample": "editor",
  "connections.test": "editor",
  "deadLetters.list": "viewer",
  "deadLetters.replay": "operator",
  "deployments.deploy": "operator",
  "deployments.history": "viewer",
  "deployments.rehearse": "operator",
  "deployments.rehearseFailure": "operator",
  "deployments.status": "viewer",
  "deployments.stop": "operator",
  "live.subscribe": "viewer",
  "liveTable.rows": "viewer",
  "logs.list": "viewer",
  "metrics.overview": "viewer",
  "metrics.recent": "viewer",
  "pipelines.create": "editor",
  "pipelines.createFromTemplate": "editor",
  "pipelines.delete": "editor",
  "pipelines.duplicate": "editor",
  "pipelines.export": "viewer",
  "pipelines.get": "viewer",
  "pipelines.import": "editor",
  "pipelines.list": "viewer",
  "pipelines.rename": "editor",
  "pipelines.saveDraft": "editor",
  "savepoints.forget": "operator",
  "savepoints.list": "viewer",
  "savepoints.take": "operator",
  "system.health": "viewer",
  "templates.get": "viewer",
  "templates.list": "viewer",
};

describe("roles", () => {
  it("are declared by every procedure, as agreed", () => {
    expect(Object.fromEntries(procedures.map(([path, procedure]) => [path, procedure._def.meta?.role]))).toEqual(expectedRoles);
  });

  it("never let a viewer change anything", () => {
    for (const [path, procedure] of procedures) {
      if (procedure._def.type === "mutation") expect(`${path} ${procedure._def.meta?.role}`).not.toContain("viewer");
    }
  });

  const tooLow = procedures.flatMap(([path, procedure]) =>
    roles.filter((role) => roles.indexOf(role) < roles.indexOf(procedure._def.meta?.role ?? "admin")).map((role) => [role, path] as const),
  );
  it.each(tooLow)("keep a %s from %s before its input is looked at", async (role, path) => {
    const caller = callerFactory(appRouter)({ actor: { name: "somebody", role }, services: fakeServices() });
    const [area = "", name = ""] = path.split(".");
    const call = (caller as unknown as Record<string, Record<string, (input: unknown) => Promise<unknown>>>)[area]?.[name];
    await expect(call?.({ nothing: true })).rejects.toMatchObject({ code: "FORBIDDEN" });
  });
});
