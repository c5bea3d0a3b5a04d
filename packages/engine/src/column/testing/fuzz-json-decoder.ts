import { RandomSource } from "../../expression/testing/random-source.ts";
import { bigintType, booleanType, doubleType, type Field, jsonType, stringType, timestampType } from "../../types/field-type.ts";
import { cellFromJson, Misfit } from "../cell-value.ts";
import { valueAt } from "../column.ts";
import { createJsonDecoder } from "../json-decoder.ts";
import type { DecodedRecords, RecordDecoder } from "../record-decoder.ts";
import { JsonLineGenerator } from "./random-json-lines.ts";

/** A chunk of lines of which the decoder makes something else than `JSON.parse`. */
export interface DecoderDisagreement {
  /** Replays this chunk alone: `fuzzJsonDecoder(seed, 1)`. */
  readonly seed: number;
  readonly accelerated: boolean;
  readonly line: string;
  /** Cells, or null for a dead letter. */
  readonly expected: readonly unknown[] | null;
  readonly actual: readonly unknown[] | null | undefined;
}

const fields: readonly Field[] = [
  { name: "id", type: bigintType },
  { name: "amount", type: doubleType },
  { name: "name", type: stringType },
  { name: "ok", type: booleanType },
  { name: "at", type: timestampType },
  { name: "extra", type: jsonType },
  { name: "__proto__", type: stringType },
];
/** The record itself, and 64 levels of values in it. */
const deepest = 65;
const mostLines = 24;
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Decodes random lines, about a dozen a chunk, and compares every record with what `JSON.parse` makes of its line:
 * `chunks` chunks from `seed` on. Gives the first disagreement, or null, and how many lines there were.
 */
export function fuzzJsonDecoder(
  seed: number,
  chunks: number,
): { readonly lines: number; readonly disagreement: DecoderDisagreement | null } {
  let lines = 0;
  for (let k = 0; k < chunks; k++) {
    const result = fuzzChunk((seed + k) | 0);
    lines += result.lines;
    if (result.disagreement !== null) return { lines, disagreement: result.disagreement };
  }
  return { lines, disagreement: null };
}

function fuzzChunk(seed: number): { readonly lines: number; readonly disagreement: DecoderDisagreement | null } {
  const random = new RandomSource(seed);
  const generator = new JsonLineGenerator(random);
  const lines = Array.from({ length: 1 + random.below(mostLines) }, () => generator.next());
  const live = fields.map(({ type }) => random.chance(type.kind === "json" ? 0.3 : 0.8));
  const maxRows = random.pick([1, 3, 1024]);
  const expected = lines.filter((line, i) => !isBlank(line, i)).map((line, i) => ({ line, cells: oracle(withoutMark(line, i), live) }));
  for (const accelerated of [true, false]) {
    const actual = decode(createJsonDecoder(fields, live, { accelerated }), joined(lines), maxRows);
    let row = 0;
    for (const [at, { line, cells }] of expected.entries()) {
      const found = actual.dead.has(at) ? null : actual.rows[row++];
      if (!same(cells, found))
        return { lines: lines.length, disagreement: { seed, accelerated, line: shown(line), expected: cells, actual: found } };
    }
  }
  return { lines: lines.length, disagreement: null };
}

/** What `JSON.parse` and the declared types say of a line: cells, or null for a dead letter. */
function oracle(line: Uint8Array, live: readonly boolean[]): unknown[] | null {
  let value: unknown;
  try {
    value = JSON.parse(utf8.decode(line));
  } catch {
    return null;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value) || depthOf(value) > deepest) return null;
  const members = new Map<string, unknown>(Object.entries(value));
  const cells: unknown[] = [];
  for (const [i, { name, type }] of fields.entries()) {
    const cell = live[i] ? cellFromJson(name, type, members.get(name) ?? null) : "pruned";
    if (cell instanceof Misfit) return null;
    cells.push(type.kind === "string" && typeof cell === "string" ? cell.toWellFormed() : cell);
  }
  return cells;
}

/** The decoded rows, and which of the records (in order, blank lines left out) are dead letters. */
function decode(
  decoder: RecordDecoder,
  bytes: Uint8Array,
  maxRows: number,
): { readonly rows: unknown[][]; readonly dead: ReadonlySet<number> } {
  const blankBefore = new Map<number, number>();
  let line = 1;
  let blanks = 0;
  let start = 0;
  for (let at = 0; at <= bytes.length; at++) {
    if (at < bytes.length && bytes[at] !== 0x0a) continue;
    if (isBlank(bytes.subarray(start, at), line - 1)) blanks++;
    blankBefore.set(line, blanks);
    line++;
    start = at + 1;
  }
  const rows: unknown[][] = [];
  const dead = new Set<number>();
  decoder.begin(bytes, 1);
  for (let part: DecodedRecords | null = decoder.next(maxRows); part !== null; part = decoder.next(maxRows)) {
    for (const { position } of part.deadLetters) {
      const number = Number(position.slice("line ".length));
      dead.add(number - 1 - (blankBefore.get(number) ?? 0));
    }
    for (let i = 0; i < part.batch.length; i++)
      rows.push(part.batch.columns.map((column) => (column === null ? "pruned" : valueAt(column, i))));
  }
  return { rows, dead };
}

function joined(lines: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(lines.reduce((sum, line) => sum + line.length + 1, 0));
  let at = 0;
  for (const line of lines) {
    whole.set(line, at);
    at += line.length;
    whole[at++] = 0x0a;
  }
  return whole;
}

/** The first line may begin with a byte order mark. */
function withoutMark(line: Uint8Array, index: number): Uint8Array {
  return index === 0 && line[0] === 0xef && line[1] === 0xbb && line[2] === 0xbf ? line.subarray(3) : line;
}

function isBlank(line: Uint8Array, index: number): boolean {
  return withoutMark(line, index).every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);
}

function depthOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  let deepestMember = 0;
  for (const member of Object.values(value)) deepestMember = Math.max(deepestMember, depthOf(member));
  return 1 + deepestMember;
}

function same(a: readonly unknown[] | null, b: readonly unknown[] | null | undefined): boolean {
  if (a === null || b === null || b === undefined) return a === b;
  return (
    a.length === b.length &&
    a.every((cell, i) => Object.is(cell, b[i]) || (typeof cell === "object" && JSON.stringify(cell) === JSON.stringify(b[i])))
  );
}

/** A line as text in which what is not UTF-8 can be told. */
function shown(line: Uint8Array): string {
  try {
    return utf8.decode(line);
  } catch {
    return `bytes ${[...line].map((byte) => byte.toString(16).padStart(2, "0")).join(" ")}`;
  }
}
