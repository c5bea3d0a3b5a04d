import type { Actor } from "../actor.ts";
import { Problem } from "../errors/problem.ts";
import type { Services } from "../services.ts";
import { freeId, suggestId } from "./pipeline-id.ts";

export interface NewPipeline {
  readonly name: string;
  /** Canonical text under the id that was found free. */
  readonly text: (id: string) => string;
  /** For the audit log: `pipeline.create`, `pipeline.import`, … */
  readonly action: string;
}

/** Stores a new pipeline under an id that no other has; ids of concurrent creations do not collide. */
export async function createPipeline(services: Services, actor: Actor, pipeline: NewPipeline): Promise<{ readonly id: string }> {
  const base = suggestId(pipeline.name);
  for (let attempt = 0; attempt < 5; attempt++) {
    const taken = await services.database.pipeline.findMany({ where: { slug: { startsWith: base } }, select: { slug: true } });
    const id = freeId(base, new Set(taken.map((row) => row.slug)));
    const created = await insert(services, actor, pipeline, id);
    if (created) return { id };
  }
  throw new Problem({
    transport: "CONFLICT",
    code: "NAME_BUSY",
    message: `Many pipelines called ${pipeline.name} are being created at once.`,
    fix: "Try again, or choose another name.",
  });
}

async function insert(services: Services, actor: Actor, pipeline: NewPipeline, id: string): Promise<boolean> {
  const { database } = services;
  const { count } = await database.pipeline.createMany({
    data: [{ slug: id, name: pipeline.name, document: pipeline.text(id) }],
    skipDuplicates: true,
  });
  if (count === 0) return false;
  await database.auditEntry.create({
    data: { actor: actor.name, action: pipeline.action, subject: `pipeline:${id}`, details: { name: pipeline.name } },
  });
  return true;
}
