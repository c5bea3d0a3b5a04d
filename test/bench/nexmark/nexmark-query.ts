import { inputPath, outputPath } from "../documents.ts";
import { type PlainStage, runPlain } from "../plain-lines.ts";
import type { Row, Subject } from "../subject.ts";
import { createEventReader } from "./event-reader.ts";
import type { NexmarkEvent } from "./events.ts";
import { streamLines } from "./stream-lines.ts";

/** A query of Nexmark, as a pipeline and as plain callbacks. */
export interface NexmarkQuery extends Pick<Subject, "name" | "title" | "targets" | "document" | "settled"> {
  readonly plain: (emit: (row: Row) => void) => PlainStage<NexmarkEvent>;
}

let stream: { readonly events: number; readonly bytes: Uint8Array } | null = null;

/** The subject of a query over the mixed stream. All queries share one input. */
export function nexmarkSubject({ plain, ...query }: NexmarkQuery): Subject {
  return {
    ...query,
    title: `Nexmark ${query.name}, ${query.title}`,
    input(events) {
      if (stream?.events !== events) stream = { events, bytes: streamLines(events) };
      return new Map([[inputPath, stream.bytes]]);
    },
    plain: (input) => runPlain(input, outputPath, plain),
    plainColumns({ fields, batches }, emit) {
      const stage = plain(emit);
      const readEvent = createEventReader(fields);
      for (const batch of batches) for (let row = 0; row < batch.length; row++) stage.onRecord(readEvent(batch, row));
      stage.onEnd?.();
    },
  };
}
