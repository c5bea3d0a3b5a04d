import { parseSync } from "vite";

/** A module request as it stands in a source file. */
export interface ImportSite {
  readonly specifier: string;
  /** Counts from 1. */
  readonly line: number;
  /** Gone when types are stripped. */
  readonly typeOnly: boolean;
}

/** What of a source file the rules look at. */
export interface SourceModule {
  readonly imports: readonly ImportSite[];
  readonly program: unknown;
  /** Line, from 1, of an offset in the text. */
  readonly lineAt: (offset: number) => number;
}

/** Parses TypeScript, TSX or JavaScript. Throws when the text cannot be parsed. */
export function readModule(path: string, text: string): SourceModule {
  const { program, module, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path} cannot be parsed: ${errors[0]?.message}`);
  const lineAt = (offset: number) => text.slice(0, offset).split("\n").length;
  const imports: ImportSite[] = [];
  for (const statement of module.staticImports) {
    const typeOnly = statement.entries.length > 0 && statement.entries.every((entry) => entry.isType);
    imports.push({ specifier: statement.moduleRequest.value, line: lineAt(statement.start), typeOnly });
  }
  for (const statement of module.staticExports) {
    const request = statement.entries[0]?.moduleRequest;
    if (request === undefined || request === null) continue;
    imports.push({ specifier: request.value, line: lineAt(statement.start), typeOnly: statement.entries.every((entry) => entry.isType) });
  }
  for (const { moduleRequest, start } of module.dynamicImports) {
    const written = text.slice(moduleRequest.start, moduleRequest.end);
    const literal = /^(["'`])([^"'`$]*)\1$/.exec(written)?.[2];
    if (literal !== undefined) imports.push({ specifier: literal, line: lineAt(start), typeOnly: false });
  }
  return { imports, program, lineAt };
}
