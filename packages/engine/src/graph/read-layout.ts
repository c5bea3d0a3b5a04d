import { type Diagnostic, warning } from "../diagnostics/diagnostic.ts";
import { cut } from "../diagnostics/import-reasons.ts";
import type { JsonValue } from "../types/json-value.ts";
import { isObject, record } from "./document-reader.ts";
import type { Graph, Layout, Note, Position } from "./graph.ts";

/** Coordinates beyond this are no place on a canvas. */
const farthest = 1_000_000;

/** The layout of a document that has none. */
export const emptyLayout: Layout = { nodes: record<Position>(), notes: [] };

/**
 * Reads the member `layout`. Looks never stop a pipeline from being opened: what is wrong is made finite
 * or left out, with one warning for all of it.
 */
export function readLayout(
  value: JsonValue | undefined,
  graph: Graph,
): { readonly layout: Layout; readonly warnings: readonly Diagnostic[] } {
  const repairs = new Set<string>();
  const source = isObject(value) ? value : {};
  if (value !== undefined && !isObject(value)) repairs.add("layout");
  for (const name of Object.keys(source)) if (name !== "nodes" && name !== "notes") repairs.add(`layout.${cut(name)}`);
  const layout: Layout = { nodes: readPositions(source.nodes, graph, repairs), notes: readNotes(source.notes, repairs) };
  const warnings = repairs.size === 0 ? [] : [warning("LAYOUT_REPAIRED", { what: [...repairs] }, { path: "layout" })];
  return { layout, warnings };
}

function readPositions(value: JsonValue | undefined, graph: Graph, repairs: Set<string>): Layout["nodes"] {
  const positions = record<Position>();
  if (value !== undefined && !isObject(value)) repairs.add("layout.nodes");
  for (const [slug, entry] of Object.entries(isObject(value) ? value : {})) {
    const path = `layout.nodes.${cut(slug)}`;
    if (!Object.hasOwn(graph.nodes, slug) || !isObject(entry)) {
      repairs.add(path);
      continue;
    }
    if (Object.keys(entry).some((name) => name !== "x" && name !== "y")) repairs.add(path);
    positions[slug] = { x: coordinate(entry.x, 0, path, repairs), y: coordinate(entry.y, 0, path, repairs) };
  }
  return positions;
}

function readNotes(value: JsonValue | undefined, repairs: Set<string>): readonly Note[] {
  const notes: Note[] = [];
  const ids = new Set<string>();
  if (value !== undefined && !Array.isArray(value)) repairs.add("layout.notes");
  (Array.isArray(value) ? (value as readonly JsonValue[]) : []).forEach((entry, i) => {
    const path = `layout.notes.${i}`;
    if (
      !isObject(entry) ||
      typeof entry.id !== "string" ||
      entry.id === "" ||
      entry.id.length > 100 ||
      ids.has(entry.id) ||
      typeof entry.text !== "string"
    ) {
      repairs.add(path);
      return;
    }
    ids.add(entry.id);
    if (entry.text.length > 20_000) repairs.add(path);
    notes.push({
      id: entry.id,
      text: entry.text.slice(0, 20_000).toWellFormed(),
      x: coordinate(entry.x, 0, path, repairs),
      y: coordinate(entry.y, 0, path, repairs),
      width: Math.max(1, coordinate(entry.width, 240, path, repairs)),
      height: Math.max(1, coordinate(entry.height, 120, path, repairs)),
    });
  });
  return notes;
}

function coordinate(value: JsonValue | undefined, absent: number, path: string, repairs: Set<string>): number {
  const number = typeof value === "number" ? value : typeof value === "string" && value.trim() !== "" ? Number(value) : Number.NaN;
  if (typeof value !== "number" || Math.abs(number) > farthest) repairs.add(path);
  if (!Number.isFinite(number)) return absent;
  return Math.round(Math.min(farthest, Math.max(-farthest, number))) + 0;
}
