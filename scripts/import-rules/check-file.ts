import { checkImports, type Surroundings } from "./check-imports.ts";
import { findGlobals } from "./find-globals.ts";
import { readModule, type SourceModule } from "./read-module.ts";
import { emptyNames, forbiddenGlobals, longFiles, mostLines, pureFolders } from "./rules.ts";
import type { Violation } from "./violation.ts";

/** Checks one source file, given by its path from the repository's root, against all rules. */
export function checkFile(path: string, text: string, surroundings: Surroundings): readonly Violation[] {
  const module = readModule(path, text);
  return [
    ...checkImports(path, module.imports, surroundings),
    ...checkGlobals(path, module),
    ...checkLength(path, text),
    ...checkName(path),
  ];
}

function checkGlobals(path: string, module: SourceModule): readonly Violation[] {
  const isTest = /\.test\.tsx?$/.test(path);
  if (isTest || !pureFolders.some((folder) => path.startsWith(folder))) return [];
  return findGlobals(module, new Set(forbiddenGlobals.keys())).map(({ name, line }) => ({
    path,
    line,
    message: `uses ${name}; engine and nodes reach neither clock nor randomness nor the host.`,
    instead: forbiddenGlobals.get(name) ?? "",
  }));
}

function checkLength(path: string, text: string): readonly Violation[] {
  const lines = text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
  if (lines <= mostLines || longFiles.has(path)) return [];
  return [{ path, line: 0, message: `has ${lines} lines; the limit is ${mostLines}.`, instead: "Cut it into files of one subject each." }];
}

function checkName(path: string): readonly Violation[] {
  const empty = path.split(/[/.]/).find((part) => emptyNames.includes(part));
  if (empty !== undefined) {
    return [
      { path, line: 0, message: `is called "${empty}", which says nothing.`, instead: "Name it after the one thing that it is about." },
    ];
  }
  if (!/^(packages|apps)\/[^/]+\/(src\/)?types\.ts$/.test(path)) return [];
  return [{ path, line: 0, message: "collects types at a package's root.", instead: "Put each type beside what it is about." }];
}
