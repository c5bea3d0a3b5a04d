import type { Database } from "@millrace/db";
import { z } from "zod";
import { Problem } from "../errors/problem.ts";

/** Id of a deployment as procedures take it. */
export const deploymentId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, "not the id of a deployment");

/** The deployment of that id with its version and pipeline, or the problem `DEPLOYMENT_NOT_FOUND`. */
export async function findDeployment(database: Database, id: string) {
  const row = await database.deployment.findUnique({
    where: { id },
    include: { version: true, pipeline: { select: { slug: true, name: true } } },
  });
  if (row !== null) return row;
  throw new Problem({
    transport: "NOT_FOUND",
    code: "DEPLOYMENT_NOT_FOUND",
    message: `There is no deployment ${id}.`,
    fix: "Its pipeline may have been deleted.",
  });
}
