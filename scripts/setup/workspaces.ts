import { glob, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { repositoryRoot } from "../bootstrap/repository.mjs";

/** A folder with a package.json of its own that the root names. */
export interface Workspace {
  /** Name in package.json. */
  readonly name: string;
  /** Path from the repository's root, with slashes. */
  readonly folder: string;
  readonly manifest: Manifest;
}

/** What of a package.json is of interest here. */
export interface Manifest {
  readonly name: string;
  readonly workspaces?: readonly string[];
  readonly exports?: Readonly<Record<string, string>>;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** The repository's workspaces, by folder. */
export async function readWorkspaces(root = repositoryRoot): Promise<readonly Workspace[]> {
  const { workspaces = [] } = await readManifest(join(root, "package.json"));
  const found: Workspace[] = [];
  for await (const path of glob(
    workspaces.map((pattern) => `${pattern}/package.json`),
    { cwd: root },
  )) {
    const manifest = await readManifest(join(root, path));
    found.push({ name: manifest.name, folder: dirname(path).replaceAll("\\", "/"), manifest });
  }
  return found.sort((a, b) => (a.folder < b.folder ? -1 : 1));
}

/** Reads a package.json of this repository. */
export async function readManifest(path: string): Promise<Manifest> {
  return JSON.parse(await readFile(path, "utf8")) as Manifest;
}
