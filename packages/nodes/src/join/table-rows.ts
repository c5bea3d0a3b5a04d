import type { Field, JsonObject, JsonValue } from "@millrace/engine";

/** The lines of a CSV text as lists of cells: commas, quotes with "" for a quote, line ends of any kind; empty lines are left out. */
export function readCsv(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [];
  let row: string[] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r\n|\r|\n|$)/gy;
  while (cell.lastIndex < text.length) {
    const match = cell.exec(text);
    if (match === null) return [...rows, row];
    const [, quoted, plain = "", end] = match;
    row.push(quoted === undefined ? plain.trim() : quoted.replaceAll('""', '"'));
    if (end === ",") continue;
    if (row.length > 1 || row[0] !== "") rows.push(row);
    row = [];
  }
  return row.length === 0 ? rows : [...rows, [...row, ""]];
}

/** The rows of a table whose first line names its columns: cells of `fields` by their type, those of keys as text. Empty is NULL. */
export function tableRows(text: string, fields: readonly Field[]): readonly JsonObject[] {
  const [header = [], ...lines] = readCsv(text);
  return lines.map((line) =>
    Object.fromEntries(
      header.map((name, i) => [
        name,
        cellOf(
          line[i] ?? "",
          fields.find((field) => field.name === name),
        ),
      ]),
    ),
  );
}

function cellOf(text: string, field: Field | undefined): JsonValue {
  if (text === "") return null;
  switch (field?.type.kind) {
    case "bigint":
    case "double":
      return Number.isFinite(Number(text)) ? Number(text) : text;
    case "boolean":
      return text === "true" ? true : text === "false" ? false : text;
    case "json":
      return readJson(text);
    default:
      return text;
  }
}

function readJson(text: string): JsonValue {
  try {
    // JSON.parse gives nothing but JSON.
    return JSON.parse(text) as JsonValue;
  } catch {
    return text;
  }
}
