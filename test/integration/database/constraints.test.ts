import { randomUUID } from "node:crypto";
import { createDatabase, type Database } from "@millrace/db";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testServices } from "../../services/test-services.ts";

let database: Database;
beforeAll(() => {
  database = createDatabase(testServices().databaseUrl);
});
afterAll(() => database.$disconnect());

async function pipelineWithVersion(): Promise<string> {
  const { id } = await database.pipeline.create({ data: { slug: randomUUID(), name: "Orders", document: "{}" } });
  await database.pipelineVersion.create({ data: { pipelineId: id, number: 1, document: "{}", contentHash: "00" } });
  return id;
}

describe("a deployment", () => {
  it("is refused while another of the same pipeline should run, also when both come at once", async () => {
    const pipelineId = await pipelineWithVersion();
    const start = () => database.deployment.create({ data: { pipelineId, versionNumber: 1, desired: "RUNNING" } });
    const outcomes = await Promise.allSettled([start(), start(), start()]);
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(outcomes.find(({ status }) => status === "rejected")).toMatchObject({ reason: { code: "P2002" } });
  });

  it("may follow one that was stopped", async () => {
    const pipelineId = await pipelineWithVersion();
    const first = await database.deployment.create({ data: { pipelineId, versionNumber: 1, desired: "RUNNING" } });
    await database.deployment.update({ where: { id: first.id }, data: { desired: "STOPPED", stoppedAt: new Date() } });
    await expect(database.deployment.create({ data: { pipelineId, versionNumber: 1, desired: "RUNNING" } })).resolves.toMatchObject({
      startFrom: "latest",
    });
  });

  it("needs a version that exists", async () => {
    const pipelineId = await pipelineWithVersion();
    const start = database.deployment.create({ data: { pipelineId, versionNumber: 2, desired: "RUNNING" } });
    await expect(start).rejects.toMatchObject({ code: "P2003" });
  });
});

describe("what is never changed", () => {
  it("is a version", async () => {
    const pipelineId = await pipelineWithVersion();
    const where = { pipelineId_number: { pipelineId, number: 1 } };
    await expect(database.pipelineVersion.update({ where, data: { document: "{ }" } })).rejects.toThrow("are never changed");
  });

  it("is an entry of the audit log", async () => {
    const { id } = await database.auditEntry.create({ data: { actor: "ada", action: "deployment.start", subject: "pipeline:orders" } });
    await expect(database.auditEntry.update({ where: { id }, data: { actor: "bob" } })).rejects.toThrow("are never changed");
  });
});
