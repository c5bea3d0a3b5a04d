import type { Batch, Field } from "@millrace/engine";

/** From JSON bytes to JSON bytes, or from columns that were decoded in advance to columns. */
export const tiers = ["json", "columns"] as const;
export type Tier = (typeof tiers)[number];

/** JSON lines by the path that a source reads or a sink writes. */
export type Lines = ReadonlyMap<string, Uint8Array>;
export type Row = Readonly<Record<string, unknown>>;

/** The batches of a source, as its pipeline gets them. */
export interface DecodedInput {
  readonly fields: readonly Field[];
  readonly batches: readonly Batch[];
}

/** A pipeline that the bench measures in turn with the same written as plain callbacks; one file a subject or family. */
export interface Subject {
  /** What `--only` names, and the key of its floors in floors.json. */
  readonly name: string;
  readonly title: string;
  /** Millions of records a CPU second that are wanted, by tier. The JSON tier is always measured; null: nothing is wanted of it. */
  readonly targets: { readonly json: number | null; readonly columns?: number };
  /** Where it takes another number of records than the bench measures by itself: by how much more. */
  readonly scale?: number;
  /** The input by path; the same number of records, all sources together, gives the same bytes. */
  input(records: number): Lines;
  /** The pipeline document; its sources are files, and its sinks. */
  readonly document: object;
  /** The output by path, the plain way: a callback a record. The order of the rows does not count. */
  plain(input: Lines): Lines;
  /** The same over decoded records; gives rows to `emit`. Only of subjects with a target for columns, which have one source and one sink. */
  plainColumns?(input: DecodedInput, emit: (row: Row) => void): void;
  /** What of the rows of a sink must be equal, where not every row is determined. Absent: all of them. */
  settled?(rows: readonly Row[], path: string): readonly Row[];
}
