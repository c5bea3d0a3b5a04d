import type { Database } from "@millrace/db";
import { readPipelineText } from "./pipeline-text.ts";

/** What lists say of a draft without showing it. */
export interface DraftDescription {
  readonly description: string;
  /** Why the saved text cannot be read; null when it can. */
  readonly unreadable: string | null;
}

interface DraftKey {
  readonly slug: string;
  readonly revision: number;
}

/** Descriptions that are kept; a draft is parsed once for every revision, not for every look at the list. */
const kept = new Map<string, DraftDescription>();
const capacity = 2000;

/** Describes drafts; loads and parses only those whose revision has not been seen yet. */
export async function describeDrafts(database: Database, drafts: readonly DraftKey[]): Promise<ReadonlyMap<string, DraftDescription>> {
  const missing = drafts.filter((draft) => !kept.has(keyOf(draft))).map((draft) => draft.slug);
  if (missing.length > 0) {
    const rows = await database.pipeline.findMany({
      where: { slug: { in: missing } },
      select: { slug: true, revision: true, document: true },
    });
    for (const row of rows) keep(keyOf(row), describe(row.document));
  }
  return new Map(drafts.map((draft) => [draft.slug, kept.get(keyOf(draft)) ?? { description: "", unreadable: null }]));
}

function keyOf({ slug, revision }: DraftKey): string {
  return `${slug} ${revision}`;
}

function keep(key: string, description: DraftDescription): void {
  const oldest = kept.keys().next();
  if (kept.size >= capacity && !oldest.done) kept.delete(oldest.value);
  kept.set(key, description);
}

function describe(text: string): DraftDescription {
  const parsed = readPipelineText(text);
  if (parsed.ok) return { description: parsed.value.pipeline.description, unreadable: null };
  return { description: "", unreadable: parsed.diagnostics[0]?.message ?? "The saved text is not a pipeline." };
}
