import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { JsonObject } from "@millrace/engine";

/** Committed rows of a file sink: all parts of its folder, in order. */
export function partRows(folder: string): readonly JsonObject[] {
  return readdirSync(folder)
    .filter((name) => name.startsWith("part-"))
    .sort()
    .flatMap((name) => rowsOf(join(folder, name)));
}

/** Rows of a JSON lines file. */
export function rowsOf(file: string): readonly JsonObject[] {
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}
