import type { Lines, Row } from "./subject.ts";

const chunkBytes = 256 * 1024;

/** Lines of a stream that comes in chunks of 256 KB. */
export function forEachLine(bytes: Uint8Array, next: (line: string) => void): void {
  const decoder = new TextDecoder();
  let rest = "";
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    const lines = (rest + decoder.decode(bytes.subarray(at, at + chunkBytes), { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line !== "") next(line);
  }
  if (rest !== "") next(rest);
}

/** Where a plain implementation puts its rows: JSON lines, one sink a path. */
export class PlainOutput {
  readonly #lines = new Map<string, string[]>();

  /** Takes the rows of a sink. */
  sink(path: string): (row: Row) => void {
    const lines: string[] = [];
    this.#lines.set(path, lines);
    return (row) => lines.push(JSON.stringify(row));
  }

  lines(): Lines {
    return new Map([...this.#lines].map(([path, lines]) => [path, Buffer.from(lines.length === 0 ? "" : `${lines.join("\n")}\n`)]));
  }
}

/** A plain implementation over records of one input: a callback a record, and one at the end. */
export interface PlainStage<Record> {
  onRecord(record: Record): void;
  onEnd?(): void;
}

/** Runs a plain implementation over JSON lines of one input to one output. */
export function runPlain<Record>(input: Lines, outputPath: string, stageOf: (emit: (row: Row) => void) => PlainStage<Record>): Lines {
  const output = new PlainOutput();
  const stage = stageOf(output.sink(outputPath));
  for (const bytes of input.values()) forEachLine(bytes, (line) => stage.onRecord(JSON.parse(line)));
  stage.onEnd?.();
  return output.lines();
}
