import type { Field } from "../types/field-type.ts";
import { maxBatchRows } from "./batch.ts";
import type { ByteDictionary } from "./byte-dictionary.ts";
import { columnKind } from "./column.ts";
import { jsonScanWasm } from "./json-scan.wasm.ts";
import type { JsonScanner, Target } from "./json-scanner.ts";
import { type KnownMembers, type Member, mostMembers } from "./known-members.ts";
import type { RowColumns } from "./row-columns.ts";

const pageBytes = 1 << 16;
const membersAt = 256;
const memberBytes = 80;
const nextAt = 64;
const otherAt = 68;
const packedAt = 72;
const longestPattern = 32;
const columnsAt = membersAt + (mostMembers + 4) * memberBytes;
/** Vectors are read beyond the last line; there must be zeros. */
const padding = 64;
const targets: Readonly<Record<Exclude<Target, "object">, number>> = { skip: 0, number: 1, whole: 2, timestamp: 2, string: 3, boolean: 4 };
const packedTarget = 5;
/** Strings are not packed where there would have to be room for more than this. */
const mostPackedBytes = 1 << 24;

/** What the module exports. */
interface ScanExports {
  readonly memory: WebAssembly.Memory;
  readonly stop: WebAssembly.Global<"i32">;
  readonly scan: (at: number, end: number, most: number, first: number) => number;
}

/** Where the cells of a live field are in the module's memory. */
interface FieldPlace {
  readonly field: number;
  readonly kind: "number" | "string" | "boolean";
  readonly column: number;
  readonly valid: number;
  /** Of strings alone. */
  readonly packing: Packing | null;
}

/** How the strings of a field are taken: where each has an id of its own, the scan packs them, so that they are taken in one piece. */
interface Packing {
  readonly dictionary: ByteDictionary;
  readonly ids: Int32Array;
  /** Where it is said how far they are packed. */
  readonly pointer: number;
  /** Where they are packed to. */
  start: number;
  /** Whether the members say so; these are at `members`. */
  isOn: boolean;
  readonly members: number[];
}

/**
 * The accelerator for these fields, or null: where WebAssembly with vectors is missing or forbidden, and where a
 * field is read whose type it does not know (json, array, row).
 */
export function createJsonAccelerator(fields: readonly Field[], live: readonly boolean[], columns: RowColumns): JsonAccelerator | null {
  if (fields.some((field, i) => live[i] && columnKind(field.type) === "object")) return null;
  const exports = instantiate();
  return exports === null ? null : new JsonAccelerator(exports, fields, live, columns);
}

let compiled: WebAssembly.Module | null | undefined;

function instantiate(): ScanExports | null {
  try {
    compiled ??= new WebAssembly.Module(Uint8Array.fromBase64(jsonScanWasm));
    // What `json-scan.wat` exports.
    return new WebAssembly.Instance(compiled).exports as unknown as ScanExports;
  } catch {
    compiled = null;
    return null;
  }
}

/**
 * Scans runs of lines whose members are known from records before, by vector instructions (`json-scan.wat`), into
 * the columns of a decoder. It stops before any line that is not plainly such a record; the decoder takes that one.
 */
export class JsonAccelerator {
  readonly #exports: ScanExports;
  readonly #columns: RowColumns;
  readonly #places: readonly FieldPlace[];
  readonly #linesAt: number;
  #bytes: Uint8Array;
  #view: DataView;
  #doubles: Float64Array;
  #words: Int32Array;
  #end = 0;
  /** Whether there is room for packed strings behind the lines. */
  #canPack = false;
  /** Where the members are in the module's memory that have been written there; those that do not fit are left out. */
  #addresses = new Map<Member, number>();
  #written = 0;
  #generation = -1;
  /** The member that is tried first; 0 for none. */
  #first = 0;

  constructor(exports: ScanExports, fields: readonly Field[], live: readonly boolean[], columns: RowColumns) {
    this.#exports = exports;
    this.#columns = columns;
    const places: FieldPlace[] = [];
    let at = columnsAt;
    fields.forEach((field, i) => {
      const kind = columnKind(field.type);
      if (!live[i] || kind === "object") return;
      const dictionary = columns.dictionaries[i];
      const pointer = at + maxBatchRows * 9;
      const packing = dictionary === null ? null : { dictionary, ids: columns.ids[i], pointer, start: 0, isOn: false, members: [] };
      places.push({ field: i, kind, column: at, valid: at + maxBatchRows * 8, packing });
      at = pointer + 16;
    });
    this.#places = places;
    this.#linesAt = at;
    this.#reserve(at + padding);
    const { buffer } = exports.memory;
    this.#bytes = new Uint8Array(buffer);
    this.#view = new DataView(buffer);
    this.#doubles = new Float64Array(buffer);
    this.#words = new Int32Array(buffer);
    for (let i = 0; i < 23; i++) this.#doubles[i] = 10 ** i;
  }

  /** Where in the bytes given to `begin` the next line begins that was not scanned. */
  get stop(): number {
    return this.#exports.stop.value - this.#linesAt;
  }

  /** Takes a copy of the lines. */
  begin(bytes: Uint8Array): void {
    this.#end = this.#linesAt + bytes.length;
    const behind = this.#end + padding;
    if (this.#reserve(behind + this.#placePacked(behind, bytes.length))) {
      const { buffer } = this.#exports.memory;
      this.#bytes = new Uint8Array(buffer);
      this.#view = new DataView(buffer);
      this.#doubles = new Float64Array(buffer);
      this.#words = new Int32Array(buffer);
    }
    this.#bytes.set(bytes, this.#linesAt);
    this.#bytes.fill(0, this.#end, this.#end + padding);
  }

  /** Finds places from `at` on for strings that are packed, of which each field may have as many bytes as the lines; returns how many that are. */
  #placePacked(at: number, bytes: number): number {
    const room = bytes + padding;
    let used = 0;
    for (const { packing } of this.#places) {
      if (packing === null) continue;
      packing.start = at + used;
      used += room;
    }
    this.#canPack = used <= mostPackedBytes;
    return this.#canPack ? used : 0;
  }

  /** Takes over what the scanner knows; false when there is nothing of use. */
  expects({ known }: JsonScanner): boolean {
    if (known.generation !== this.#generation) this.#forget(known);
    for (; this.#written < known.all.length; this.#written++) this.#addMember(known.all[this.#written], known);
    return this.#first !== 0;
  }

  /** Scans at most `most` lines from `at` into the rows after the last of the columns (which still counts them not). */
  scan(at: number, most: number): number {
    for (const { packing } of this.#places) if (packing !== null) this.#beginPacking(packing);
    const rows = this.#exports.scan(this.#linesAt + at, this.#end, most, this.#first);
    // The line that ended the scan may have left cells behind.
    const touched = Math.min(rows + 1, maxBatchRows);
    for (const place of this.#places) {
      if (rows > 0) this.#take(place, rows);
      this.#bytes.fill(0, place.valid, place.valid + touched);
    }
    return rows;
  }

  #beginPacking(packing: Packing): void {
    const isOn = this.#canPack && !packing.dictionary.distinct;
    this.#view.setInt32(packing.pointer, packing.start, true);
    if (isOn === packing.isOn) return;
    packing.isOn = isOn;
    for (const member of packing.members) this.#view.setInt32(member + 4, isOn ? packedTarget : targets.string, true);
  }

  #take(place: FieldPlace, rows: number): void {
    const { field, kind, column, valid, packing } = place;
    const first = this.#columns.rows;
    this.#columns.valid[field].set(this.#bytes.subarray(valid, valid + rows), first);
    if (kind === "number") this.#columns.numbers[field].set(this.#doubles.subarray(column >> 3, (column >> 3) + rows), first);
    else if (kind === "boolean") this.#columns.booleans[field].set(this.#bytes.subarray(column, column + rows), first);
    else if (packing !== null) this.#takeStrings(packing, column >> 2, this.#bytes.subarray(valid, valid + rows), first);
  }

  #takeStrings({ dictionary, ids, isOn }: Packing, cells: number, valid: Uint8Array, first: number): void {
    const words = this.#words;
    if (isOn) {
      dictionary.runIds(this.#bytes, words, cells, valid, ids, first);
      return;
    }
    for (let row = 0; row < valid.length; row++) {
      if (valid[row] === 0) continue;
      ids[first + row] = dictionary.asciiId(this.#bytes, this.#view, words[cells + row * 2], words[cells + row * 2 + 1]);
    }
  }

  #forget({ generation }: KnownMembers): void {
    this.#generation = generation;
    this.#addresses = new Map();
    this.#written = 0;
    this.#first = 0;
    for (const { packing } of this.#places) if (packing !== null) packing.members.length = 0;
  }

  /** Writes a member and links it to the one before it; leaves it out when it is too long for vectors, or its parent was. */
  #addMember(member: Member, known: KnownMembers): void {
    const { parent } = member;
    const above = parent === null ? 0 : this.#addresses.get(parent);
    if (above === undefined || member.before.length > longestPattern) return;
    const address = membersAt + this.#written * memberBytes;
    let last = 0;
    for (let sibling = parent === null ? known.first : parent.next; sibling !== null && sibling !== member; sibling = sibling.other)
      last = this.#addresses.get(sibling) ?? last;
    this.#addresses.set(member, address);
    this.#writeMember(address, member);
    if (last !== 0) this.#view.setInt32(last + otherAt, address, true);
    else if (above !== 0) this.#view.setInt32(above + nextAt, address, true);
    else this.#first = address;
  }

  #writeMember(at: number, { before, key }: Member): void {
    const place = this.#places.find(({ field }) => field === key.field);
    // A field of kind object is never live here.
    const target = key.target === "object" ? "skip" : key.target;
    this.#view.setInt32(at, before.length, true);
    const packing = place?.packing ?? null;
    packing?.members.push(at);
    this.#view.setInt32(at + 4, place === undefined ? 0 : packing?.isOn === true ? packedTarget : targets[target], true);
    this.#view.setInt32(at + 8, place?.column ?? 0, true);
    this.#view.setInt32(at + 12, place?.valid ?? 0, true);
    const head = Math.min(16, before.length);
    this.#bytes.fill(0, at + 16, at + memberBytes);
    this.#view.setInt32(at + packedAt, packing?.pointer ?? 0, true);
    this.#bytes.fill(0xff, at + 16, at + 16 + head);
    this.#bytes.set(before.subarray(0, head), at + 32);
    if (before.length > 16) this.#bytes.set(before.subarray(before.length - 16), at + 48);
  }

  /** Makes room for so many bytes; true when the memory has grown, which detaches all views. */
  #reserve(bytes: number): boolean {
    const { memory } = this.#exports;
    const missing = bytes - memory.buffer.byteLength;
    if (missing <= 0) return false;
    memory.grow(Math.ceil(missing / pageBytes));
    return true;
  }
}
