import { chainDocument, filter, inputPath, outputPath } from "./documents.ts";
import { logLines } from "./log-lines.ts";
import { runPlain } from "./plain-lines.ts";
import type { Row, Subject } from "./subject.ts";

const slideMs = 10_000;

/** Errors per service over 5 minutes, every 10 seconds. */
export const hopping: Subject = hoppingSubject("hopping", "Errors per service, hopping 5 min by 10 s", 300_000, { json: 1.4 });

/** Errors per service over some time, every 10 seconds. */
export function hoppingSubject(name: string, title: string, sizeMs: number, targets: Subject["targets"]): Subject {
  return {
    name,
    title,
    targets,
    input: (records) => new Map([[inputPath, logLines(records)]]),
    document: chainDocument(
      name,
      [
        { name: "timestamp", type: "timestamp" },
        { name: "service", type: "string" },
        { name: "level", type: "string" },
      ],
      "timestamp",
      [
        filter("level = 'ERROR'"),
        {
          type: "hopping-window",
          params: { keyBy: ["service"], size: `${sizeMs}ms`, slide: "10s", aggregates: [{ as: "errors", fn: "count" }] },
        },
      ],
    ),
    plain: (input) => runPlain(input, outputPath, (emit) => hoppingStage(sizeMs, emit)),
  };
}

interface Count {
  readonly service: string;
  readonly window_start: number;
  readonly window_end: number;
  errors: number;
}

/** Every record goes into each of its windows. */
function hoppingStage(sizeMs: number, emit: (row: Row) => void) {
  const windows = new Map<number, Map<string, Count>>();
  let nextSlide = Number.NEGATIVE_INFINITY;
  const close = (counts: Map<string, Count>): void => {
    for (const { service, window_start, window_end, errors } of counts.values()) emit({ service, window_start, window_end, errors });
  };
  return {
    onRecord({ timestamp, service, level }: { readonly timestamp: number; readonly service: string; readonly level: string }): void {
      if (timestamp >= nextSlide) {
        nextSlide = timestamp - (timestamp % slideMs) + slideMs;
        for (const [start, counts] of windows) {
          if (start + sizeMs > timestamp) continue;
          windows.delete(start);
          close(counts);
        }
      }
      if (level !== "ERROR") return;
      for (let start = timestamp - (timestamp % slideMs); start > timestamp - sizeMs; start -= slideMs) {
        let counts = windows.get(start);
        if (counts === undefined) {
          counts = new Map();
          windows.set(start, counts);
        }
        const known = counts.get(service);
        if (known === undefined) counts.set(service, { service, window_start: start, window_end: start + sizeMs, errors: 1 });
        else known.errors += 1;
      }
    },
    onEnd(): void {
      for (const counts of windows.values()) close(counts);
    },
  };
}
