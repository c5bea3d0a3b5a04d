import { posix } from "node:path";
import type { Manifest, Workspace } from "../setup/workspaces.ts";
import type { ImportSite } from "./read-module.ts";
import { type Area, areas } from "./rules.ts";
import type { Violation } from "./violation.ts";

/** What the rules have to know of the repository around a file. */
export interface Surroundings {
  readonly workspaces: readonly Workspace[];
  /** The root's package.json, whose development tools every test may import. */
  readonly root: Manifest;
}

/** Checks the imports of one file, given by its path from the repository's root. */
export function checkImports(path: string, imports: readonly ImportSite[], surroundings: Surroundings): readonly Violation[] {
  const area = areaOf(path);
  if (area === null)
    return [{ path, line: 0, message: "belongs to no part of the house.", instead: "Name its part in scripts/import-rules/rules.ts." }];
  return imports.flatMap((site) => checkImport(path, site, area, surroundings).map((found) => ({ path, line: site.line, ...found })));
}

/** The part of the house that a file belongs to. */
export function areaOf(path: string): Area | null {
  let best: { readonly area: Area; readonly length: number } | null = null;
  for (const area of areas) {
    for (const folder of area.folders)
      if (path.startsWith(folder) && folder.length > (best?.length ?? 0)) best = { area, length: folder.length };
  }
  return best?.area ?? null;
}

type Finding = Pick<Violation, "message" | "instead">;

function checkImport(path: string, site: ImportSite, area: Area, surroundings: Surroundings): readonly Finding[] {
  const { specifier } = site;
  if (specifier.startsWith(".")) return checkRelative(path, site, area, surroundings);
  if (specifier.startsWith("node:")) {
    return area.node ? [] : [{ message: `imports ${specifier}, which the ${area.name} may not.`, instead: area.instead }];
  }
  const target = surroundings.workspaces.find(({ name }) => name === packageOf(specifier));
  const undeclared = checkDeclared(path, specifier, surroundings);
  const found = target === undefined ? checkPackage(path, specifier, area, surroundings) : checkOurs(specifier, target, area);
  return [...undeclared, ...found];
}

/** A path of one's own workspace: it must stay inside, and out of folders that are closed to this part. */
function checkRelative(path: string, { specifier, typeOnly }: ImportSite, area: Area, { workspaces }: Surroundings): readonly Finding[] {
  const target = posix.join(posix.dirname(path), specifier);
  const home = workspaces.find(({ folder }) => path.startsWith(`${folder}/`));
  if (home !== undefined && !target.startsWith(`${home.folder}/`)) {
    return [
      { message: `reaches out of ${home.name} to ${target}.`, instead: "Import the other package by its name, through what it exports." },
    ];
  }
  const closed = area.typesOnlyFrom?.find((folder) => target.startsWith(folder));
  if (closed === undefined || typeOnly) return [];
  return [{ message: `imports ${target}, of which the ${area.name} may only import types.`, instead: area.instead }];
}

/** One of our packages: this part of the house must be allowed to use it, and only through what it exports. */
function checkOurs(specifier: string, target: Workspace, area: Area): readonly Finding[] {
  if (!area.ours.includes(target.name))
    return [{ message: `imports ${target.name}, which the ${area.name} may not.`, instead: area.instead }];
  const subpath = `.${specifier.slice(target.name.length)}`;
  if (Object.hasOwn(target.manifest.exports ?? {}, subpath)) return [];
  return [
    {
      message: `imports ${specifier}, which ${target.name} does not export.`,
      instead: `Export what is needed from ${target.folder}'s index.`,
    },
  ];
}

function checkPackage(path: string, specifier: string, area: Area, { root }: Surroundings): readonly Finding[] {
  const name = packageOf(specifier);
  if (area.packages === null || area.packages.includes(name)) return [];
  if (isDevelopmentFile(path) && root.devDependencies?.[name] !== undefined) return [];
  return [{ message: `imports ${name}, which the ${area.name} may not.`, instead: area.instead }];
}

function checkDeclared(path: string, specifier: string, { workspaces, root }: Surroundings): readonly Finding[] {
  const name = packageOf(specifier);
  const home = workspaces.find(({ folder }) => path.startsWith(`${folder}/`));
  const manifest = home?.manifest ?? root;
  const declared = { ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies };
  if (declared[name] !== undefined || name === home?.name) return [];
  if (isDevelopmentFile(path) && root.devDependencies?.[name] !== undefined) return [];
  return [
    {
      message: `imports ${name}, which ${manifest.name} does not declare.`,
      instead: `Add it, with its exact version, to ${home?.folder ?? "."}/package.json.`,
    },
  ];
}

/** Tests, and what exists for them only: they may use the root's development tools. */
function isDevelopmentFile(path: string): boolean {
  return /\.test\.tsx?$/.test(path) || path.includes("/testing/") || path.startsWith("test/") || path.startsWith("scripts/");
}

function packageOf(specifier: string): string {
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}
