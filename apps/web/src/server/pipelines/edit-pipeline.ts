import { Problem } from "../errors/problem.ts";
import type { Services } from "../services.ts";
import { findPipeline, pipelineNotFound } from "./find-pipeline.ts";

export interface DraftChange {
  readonly name: string;
  readonly document: string;
}

export interface SavedDraft {
  readonly revision: number;
  readonly updatedAtMs: number;
}

/**
 * Replaces the draft if it still is at `expectedRevision`. Otherwise throws `REVISION_CONFLICT`, whose details hold
 * `expectedRevision` and `revision`.
 */
export async function replaceDraft({ database }: Services, id: string, expectedRevision: number, change: DraftChange): Promise<SavedDraft> {
  const { count } = await database.pipeline.updateMany({
    where: { slug: id, revision: expectedRevision },
    data: { ...change, revision: { increment: 1 } },
  });
  const row = await database.pipeline.findUnique({ where: { slug: id }, select: { revision: true, updatedAt: true } });
  if (row === null) throw pipelineNotFound(id);
  if (count === 0) throw revisionConflict(expectedRevision, row.revision);
  return { revision: expectedRevision + 1, updatedAtMs: row.updatedAt.getTime() };
}

/** Reads, changes and saves the draft; begins anew when somebody else saved in between. */
export async function editDraft(
  services: Services,
  id: string,
  edit: (row: { readonly name: string; readonly document: string }) => DraftChange,
): Promise<SavedDraft> {
  for (let attempt = 0; ; attempt++) {
    const row = await findPipeline(services.database, id);
    try {
      return await replaceDraft(services, id, row.revision, edit(row));
    } catch (error) {
      if (!(error instanceof Problem && error.problem.code === "REVISION_CONFLICT") || attempt === 4) throw error;
    }
  }
}

function revisionConflict(expectedRevision: number, revision: number): Problem {
  return new Problem({
    transport: "CONFLICT",
    code: "REVISION_CONFLICT",
    message: `The draft is at revision ${revision}; this change was made to revision ${expectedRevision}.`,
    fix: "Load the newer draft, or save this one over it.",
    details: { expectedRevision, revision },
  });
}
