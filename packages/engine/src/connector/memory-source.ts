import { maxBatchRows } from "../column/batch.ts";
import { createBatchBuilder } from "../column/batch-builder.ts";
import type { JsonObject } from "../types/json-value.ts";
import type { SourceChunk, SourceConnector, SourceContext } from "./source-port.ts";

/** Name of the member that carries a row's event time, ms since the epoch. */
export const timeMember = "_time";

/**
 * A bounded source over rows in memory: option `feed` names the rows, `_time` of a row is its event time,
 * `batchRows` (default 1024) cuts the batches. For previews, examples and tests.
 */
export function createMemorySource(
  feeds: Readonly<Record<string, readonly JsonObject[]>>,
  options: { readonly batchRows?: number } = {},
): SourceConnector {
  const batchRows = Math.min(options.batchRows ?? maxBatchRows, maxBatchRows);
  return {
    async open(context: SourceContext) {
      const name = String(context.options.feed);
      const rows = Object.hasOwn(feeds, name) ? feeds[name] : [];
      let at = typeof context.position === "number" ? context.position : 0;
      return {
        async poll(): Promise<SourceChunk> {
          if (at >= rows.length) return { kind: "end" };
          const part = rows.slice(at, at + batchRows);
          at += part.length;
          const builder = createBatchBuilder(context.fields, { live: context.liveFields });
          for (const row of part) {
            const time = row[timeMember];
            const values = context.fields.map((field) => (Object.hasOwn(row, field.name) ? row[field.name] : null));
            builder.appendRow(values, typeof time === "number" ? time : Number.NaN);
          }
          return { kind: "batch", split: name, batch: builder.build(), deadLetters: [] };
        },
        position: () => at,
        async close() {},
      };
    },
  };
}
