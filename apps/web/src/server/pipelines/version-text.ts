import type { Database } from "@millrace/db";
import { Problem } from "../errors/problem.ts";

/** The document of an older version, as canonical pipeline JSON. Rejects with `VERSION_NOT_FOUND`. */
export async function versionText(database: Database, pipelineKey: string, number: number): Promise<string> {
  const version = await database.pipelineVersion.findUnique({ where: { pipelineId_number: { pipelineId: pipelineKey, number } } });
  if (version !== null) return version.document;
  throw new Problem({ transport: "NOT_FOUND", code: "VERSION_NOT_FOUND", message: `There is no version ${number} of this pipeline.` });
}
