import { logLines } from "./log-lines.ts";
import { forEachLine } from "./naive-error-spike.ts";
import { chainDocument } from "./run-document.ts";
import type { Subject } from "./subject.ts";

const sizeMs = 300_000;
const slideMs = 10_000;

/** Errors per service over 5 minutes, every 10 seconds. */
export const hopping: Subject = {
  name: "hopping",
  title: "Errors per service, hopping 5 min by 10 s",
  input: (records) => logLines(records),
  document: chainDocument(
    "hopping",
    [
      { name: "timestamp", type: "timestamp" },
      { name: "service", type: "string" },
      { name: "level", type: "string" },
    ],
    "timestamp",
    [
      { type: "filter", params: { where: "level = 'ERROR'" } },
      {
        type: "hopping-window",
        params: { keyBy: ["service"], size: "5m", slide: "10s", aggregates: [{ as: "errors", fn: "count" }] },
      },
    ],
  ),
  naive(bytes) {
    const counts = new Map<string, { service: string; window_start: number; window_end: number; errors: number }>();
    forEachLine(bytes, (line) => {
      const { timestamp, service, level }: { timestamp: number; service: string; level: string } = JSON.parse(line);
      if (level !== "ERROR") return;
      for (let start = timestamp - (timestamp % slideMs); start > timestamp - sizeMs; start -= slideMs) {
        const key = `${start}|${service}`;
        const known = counts.get(key);
        if (known === undefined) counts.set(key, { service, window_start: start, window_end: start + sizeMs, errors: 1 });
        else known.errors += 1;
      }
    });
    return `${[...counts.values()].map((row) => JSON.stringify(row)).join("\n")}\n`;
  },
};
