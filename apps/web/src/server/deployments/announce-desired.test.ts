import { redisKeys } from "@millrace/protocol";
import { expect, it } from "vitest";
import { fakeServices } from "../testing/fake-services.ts";
import { announceDesired } from "./announce-desired.ts";
import { type DeploymentRow, desiredEntry } from "./desired-entry.ts";

function row(id: string, desired: "RUNNING" | "STOPPED"): DeploymentRow {
  return { id, desired, startFrom: "latest", savepoint: null, versionNumber: 1, version: { document: "{}" }, pipeline: { slug: "p" } };
}

/** A mirror in memory, with the statuses that runtimes would have written. */
function world(rows: readonly DeploymentRow[], mirrored: Record<string, string>, states: Readonly<Record<string, string>>) {
  const redis = {
    hgetall: () => Promise.resolve({ ...mirrored }),
    mget: (keys: readonly string[]) =>
      Promise.resolve(
        keys.map((key) => {
          const id = key.slice(redisKeys.status("").length);
          const state = states[id];
          const status = {
            deploymentId: id,
            pipelineId: "p",
            version: 1,
            state,
            problem: null,
            checkpoint: 0,
            restarts: 0,
            startedAtMs: 0,
            updatedAtMs: 0,
          };
          return state === undefined ? null : JSON.stringify(status);
        }),
      ),
    multi: () => {
      const changes: (() => void)[] = [];
      return {
        hset: (_key: string, id: string, text: string) => changes.push(() => Object.assign(mirrored, { [id]: text })),
        hdel: (_key: string, id: string) => changes.push(() => Reflect.deleteProperty(mirrored, id)),
        exec: () => Promise.resolve(changes.map((change) => change())),
      };
    },
  };
  const findMany = ({ where }: { where: { OR: readonly [unknown, { id: { in: readonly string[] } }] } }) =>
    Promise.resolve(rows.filter((one) => one.desired === "RUNNING" || where.OR[1].id.in.includes(one.id)));
  return fakeServices({ redis, database: { deployment: { findMany } } });
}

const text = (id: string, desired: "RUNNING" | "STOPPED"): string => JSON.stringify(desiredEntry(row(id, desired)));

it("writes everything again after Redis lost its data", async () => {
  const mirrored: Record<string, string> = {};
  expect(await announceDesired(world([row("a", "RUNNING"), row("b", "STOPPED")], mirrored, {}))).toBe(1);
  expect(mirrored).toEqual({ a: text("a", "RUNNING") });
});

it("changes nothing when all is as it should be", async () => {
  const mirrored = { a: text("a", "RUNNING") };
  expect(await announceDesired(world([row("a", "RUNNING")], mirrored, {}))).toBe(0);
});

it("keeps telling a deployment to stop until it has stopped", async () => {
  const mirrored: Record<string, string> = { a: text("a", "RUNNING") };
  await announceDesired(world([row("a", "STOPPED")], mirrored, { a: "RUNNING" }));
  expect(mirrored).toEqual({ a: text("a", "STOPPED") });
  await announceDesired(world([row("a", "STOPPED")], mirrored, { a: "STOPPED" }));
  expect(mirrored).toEqual({});
});

it("removes entries that PostgreSQL does not know", async () => {
  const mirrored: Record<string, string> = { ghost: text("ghost", "RUNNING") };
  await announceDesired(world([], mirrored, { ghost: "RUNNING" }));
  expect(mirrored).toEqual({});
});
