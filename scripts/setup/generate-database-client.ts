import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { repositoryRoot } from "../bootstrap/repository.mjs";
import { LauncherError } from "../launcher/launcher-error.ts";
import { installedFile, runNodeTool } from "./run-tool.ts";

const schema = join(repositoryRoot, "prisma", "schema.prisma");
const stamp = join(repositoryRoot, "prisma", "src", "generated", ".made-from");

/** Writes the typed database client from the schema, unless it is there and made from the same schema and generator. */
export async function generateDatabaseClient(signal?: AbortSignal): Promise<void> {
  const made = await describeInput();
  if ((await readOptional(stamp)) === made) return;
  const { exitCode, output } = await runNodeTool(installedFile("prisma/build/index.js"), ["generate", "--schema", schema], {
    // The generator wants to see an engine, which it never runs; without this it would try to download one.
    env: { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath },
    ...(signal === undefined ? {} : { signal }),
  });
  if (exitCode !== 0)
    throw new LauncherError(`The database client could not be generated:\n${output.trim()}`, "Mend what the output says and start again.");
  await writeFile(stamp, made);
}

async function describeInput(): Promise<string> {
  const generator = await readFile(installedFile("prisma/package.json"));
  return createHash("sha256")
    .update(await readFile(schema))
    .update(generator)
    .digest("hex");
}

async function readOptional(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch {
    return null;
  }
}
