import type { Database } from "@millrace/db";
import { Problem } from "../errors/problem.ts";

/** The pipeline of that id, or the problem `PIPELINE_NOT_FOUND`. */
export async function findPipeline(database: Database, id: string) {
  const pipeline = await database.pipeline.findUnique({ where: { slug: id } });
  if (pipeline === null) throw pipelineNotFound(id);
  return pipeline;
}

/** There is no such pipeline. */
export function pipelineNotFound(id: string): Problem {
  return new Problem({
    transport: "NOT_FOUND",
    code: "PIPELINE_NOT_FOUND",
    message: `There is no pipeline ${id}.`,
    fix: "It may have been deleted. Look for it in the list of pipelines.",
  });
}
