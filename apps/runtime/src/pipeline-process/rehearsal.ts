import type { Batch, Clock, Column, SourceChunk, SourceConnector, SourceReader } from "@millrace/engine";
import type { RehearsedFailure } from "@millrace/protocol";

const delayMs = 120_000;
const idlePollMs = 100;
/** How many of the last chunks of a source come again, and how many records they have at most. */
const keptRecords = 1000;

/** Stands between the sources and the run, so that a person can see how a pipeline takes repeats and delays. */
export class Rehearsal {
  readonly #clock: Clock;
  readonly #readers = new Set<RehearsedReader>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** `duplicates` and `delay` happen to all sources that are open; the others have nothing to do with sources. */
  begin(failure: RehearsedFailure): void {
    for (const reader of this.#readers) {
      if (failure === "duplicates") reader.repeat();
      if (failure === "delay") reader.delayUntil(this.#clock.monotonic() + delayMs);
    }
  }

  /** The same sources, with a rehearsal in front of each. Positions are the sources' own, so that a restart forgets it. */
  over(sources: ReadonlyMap<string, SourceConnector>): ReadonlyMap<string, SourceConnector> {
    return new Map([...sources].map(([name, connector]) => [name, this.#over(connector)]));
  }

  #over(connector: SourceConnector): SourceConnector {
    return {
      open: async (context) => {
        const reader = new RehearsedReader(await connector.open(context), this.#clock);
        this.#readers.add(reader);
        return reader;
      },
    };
  }
}

type Records = Extract<SourceChunk, { readonly kind: "bytes" | "batch" }>;

class RehearsedReader implements SourceReader {
  readonly #inner: SourceReader;
  readonly #clock: Clock;
  #kept: { readonly chunk: Records; readonly records: number }[] = [];
  #keptRecords = 0;
  #again: Records[] = [];
  #delayedUntil = 0;

  constructor(inner: SourceReader, clock: Clock) {
    this.#inner = inner;
    this.#clock = clock;
  }

  repeat(): void {
    this.#again = this.#kept.map(({ chunk }) => chunk);
  }

  delayUntil(monotonicMs: number): void {
    this.#delayedUntil = monotonicMs;
  }

  async poll(): Promise<SourceChunk> {
    if (this.#clock.monotonic() < this.#delayedUntil) {
      await this.#clock.sleep(idlePollMs);
      return { kind: "idle" };
    }
    const again = this.#again.shift();
    if (again !== undefined) return again;
    const chunk = await this.#inner.poll();
    if (chunk.kind === "bytes" || chunk.kind === "batch") this.#keep(copyOf(chunk));
    return chunk;
  }

  position() {
    return this.#inner.position();
  }

  splits(): readonly string[] {
    return this.#inner.splits?.() ?? [];
  }

  gauges(): Readonly<Record<string, number>> {
    return this.#inner.gauges?.() ?? {};
  }

  close(): Promise<void> {
    return this.#inner.close();
  }

  #keep(chunk: Records): void {
    const records = chunk.kind === "batch" ? chunk.batch.selected : countLines(chunk.bytes);
    if (records > keptRecords) return;
    this.#kept.push({ chunk, records });
    this.#keptRecords += records;
    while (this.#keptRecords > keptRecords) this.#keptRecords -= this.#kept.shift()?.records ?? 0;
  }
}

/** A reader may use its arrays again; dead letters are told once. */
function copyOf(chunk: Records): Records {
  if (chunk.kind === "bytes") return { ...chunk, bytes: chunk.bytes.slice(), isLent: false };
  return { ...chunk, batch: copyOfBatch(chunk.batch), deadLetters: [] };
}

function copyOfBatch(batch: Batch): Batch {
  return {
    ...batch,
    selection: batch.selection?.slice() ?? null,
    columns: batch.columns.map((column) => (column === null ? null : copyOfColumn(column))),
    time: batch.time.slice(),
    kinds: batch.kinds?.slice() ?? null,
  };
}

function copyOfColumn(column: Column): Column {
  const valid = column.valid?.slice() ?? null;
  switch (column.kind) {
    case "number":
      return { ...column, values: column.values.slice(), valid };
    case "boolean":
      return { ...column, values: column.values.slice(), valid };
    case "string":
      return { ...column, ids: column.ids.slice(), valid };
    case "object":
      return { ...column, values: [...column.values], valid };
  }
}

function countLines(bytes: Uint8Array): number {
  let lines = 0;
  for (const byte of bytes) if (byte === 0x0a) lines++;
  return lines;
}
