import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import type { Version } from "./check-case.ts";

const run = promisify(execFile);
const needed = ["checkGraph", "ConnectorError", "contentHash", "createPipelineRun", "parsePipeline", "planGraph", "writePipeline"] as const;
const root = resolve(import.meta.dirname, "../..");

/**
 * The engine and the nodes of a commit, in a folder for the time being, with the libraries of today. Throws when git does not know
 * the commit.
 */
export async function openEarlierVersion(commit: string): Promise<Version & { readonly close: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "millrace-earlier-"));
  const close = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    await run("git", ["clone", "--quiet", "--no-checkout", root, folder]);
    await run("git", ["-C", folder, "checkout", "--quiet", commit, "--", "packages"]);
    await linkLibraries(folder);
    const load = async (path: string): Promise<unknown> => await import(pathToFileURL(join(folder, path)).href);
    // What these functions take has only grown.
    const engine = (await load("packages/engine/src/index.ts")) as Version["engine"];
    const missing = needed.filter((name) => typeof engine[name] !== "function");
    if (missing.length > 0) throw new Error(`the engine of ${commit} has no ${missing.join(", ")}: it is too early to go on from`);
    const nodes = (await load("packages/nodes/src/index.ts")) as Pick<Version, "catalogue">;
    return { engine, catalogue: nodes.catalogue, close };
  } catch (cause) {
    await close();
    throw cause;
  }
}

/** The packages of the folder by their names, and everything else as it is installed here. */
async function linkLibraries(folder: string): Promise<void> {
  const modules = join(folder, "node_modules");
  const own = join(modules, "@millrace");
  await mkdir(own, { recursive: true });
  for (const name of await readdir(join(root, "node_modules")))
    if (name !== "@millrace") await symlink(join(root, "node_modules", name), join(modules, name));
  for (const name of await readdir(join(folder, "packages"))) {
    const manifest: { readonly name: string } = JSON.parse(await readFile(join(folder, "packages", name, "package.json"), "utf8"));
    await symlink(join(folder, "packages", name), join(modules, manifest.name));
  }
}
