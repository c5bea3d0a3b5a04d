import { readFileSync } from "node:fs";
import { join } from "node:path";

export type Value = string | number | boolean | null;
export type InputRecord = Readonly<Record<string, Value>>;

/** The records of a file of JSON or CSV that a vector names, in order. Values of CSV are numbers where they look like them. */
export function readInput(folder: string, name: string): readonly InputRecord[] {
  const text = readFileSync(join(folder, name), "utf8");
  if (!name.endsWith(".csv")) return JSON.parse(text);
  const [header, ...lines] = text.split(/\r?\n/).filter((line) => line !== "");
  const names = header.split(",");
  return lines.map((line) => Object.fromEntries(line.split(",").map((value, i) => [names[i], cellOf(value)])));
}

function cellOf(text: string): Value {
  if (text === "") return null;
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

/** The field that carries the time of records, in all inputs. */
export const timeField = "ts";

/** Fields of records, each of the type of its values. */
export function fieldsOf(records: readonly InputRecord[]): readonly { readonly name: string; readonly type: string }[] {
  return Object.keys(records[0] ?? {}).map((name) => ({ name, type: name === timeField ? "timestamp" : typeOf(records, name) }));
}

function typeOf(records: readonly InputRecord[], name: string): string {
  const values = records.map((record) => record[name]).filter((value) => value !== null);
  if (values.every((value) => Number.isInteger(value))) return "bigint";
  return typeof values[0] === "number" ? "double" : typeof values[0] === "boolean" ? "boolean" : "string";
}

/** By how much records are behind the latest before them, at most, ms: no record is late with such a disorder. */
export function disorderOf(records: readonly InputRecord[]): number {
  let latest = Number.NEGATIVE_INFINITY;
  let most = 0;
  for (const record of records) {
    latest = Math.max(latest, Number(record[timeField]));
    most = Math.max(most, latest - Number(record[timeField]));
  }
  return most;
}
