import { glob, readFile } from "node:fs/promises";
import { join } from "node:path";
import { repositoryRoot } from "../bootstrap/repository.mjs";
import { readManifest, readWorkspaces } from "../setup/workspaces.ts";
import { checkFile } from "./check-file.ts";
import { longFiles } from "./rules.ts";
import type { Violation } from "./violation.ts";

/** What came out for one workspace, or for the files at the root. */
export interface CheckedGroup {
  readonly name: string;
  readonly files: number;
  readonly violations: readonly Violation[];
}

const sourceFiles = "**/*.{ts,tsx,mts,js,mjs}";
const notOurs = new Set(["node_modules", ".next", ".turbo", "generated", "test-results", "playwright-report"]);

/** Checks every source file of the repository at `root`. A workspace without any breaks the rules too: the search is at fault. */
export async function checkTree(root = repositoryRoot): Promise<readonly CheckedGroup[]> {
  const workspaces = await readWorkspaces(root);
  const surroundings = { workspaces, root: await readManifest(join(root, "package.json")) };
  const check = async (path: string) => checkFile(path, await readFile(join(root, path), "utf8"), surroundings);
  const groups: CheckedGroup[] = [];
  for (const { name, folder } of workspaces) {
    const files = await findFiles(join(root, folder), sourceFiles);
    const violations = (await Promise.all(files.map((file) => check(`${folder}/${file}`)))).flat();
    groups.push({ name, files: files.length, violations: files.length > 0 ? violations : [noFile(folder)] });
  }
  const rootFiles = await findFiles(root, "*.{ts,mts,js,mjs}");
  const violations = [...(await Promise.all(rootFiles.map(check))).flat(), ...(await checkExceptions(root))];
  groups.push({ name: "root", files: rootFiles.length, violations });
  return groups;
}

async function findFiles(folder: string, pattern: string): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const entry of glob(pattern, { cwd: folder, exclude: (name) => notOurs.has(name) })) found.push(entry.replaceAll("\\", "/"));
  return found.filter((path) => !path.split("/").some((part) => notOurs.has(part))).sort();
}

function noFile(folder: string): Violation {
  return {
    path: folder,
    line: 0,
    message: "holds no source file that could be checked.",
    instead: "Mend the search in scripts/import-rules/check-tree.ts, or remove the workspace.",
  };
}

/** An exception for a file that is gone would be an open door. */
async function checkExceptions(root: string): Promise<readonly Violation[]> {
  const gone: string[] = [];
  for (const path of longFiles.keys()) await readFile(join(root, path)).catch(() => gone.push(path));
  return gone.map((path) => ({
    path,
    line: 0,
    message: "is excepted in the rules but is not there.",
    instead: "Remove it from scripts/import-rules/rules.ts.",
  }));
}
