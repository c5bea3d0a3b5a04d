import {
  type EventPatternParams,
  error,
  failure,
  type JsonObject,
  type KnownInputs,
  type NodeNotation,
  type param,
  readMatchRecognize,
  success,
  warning,
  writeMatchRecognize,
} from "@millrace/engine";
import type { z } from "zod";

/** What `write` reads of the parameters once they are valid. */
type ValidParams = Omit<EventPatternParams, "stages" | "within" | "order"> & { readonly order: readonly param.OrderParam[] };

/** The event pattern as a MATCH_RECOGNIZE clause; `params` is the schema of its parameters. */
export function matchRecognizeNotation(params: z.ZodType<ValidParams>): NodeNotation {
  return {
    name: "MATCH_RECOGNIZE",
    read: (text, inputTypes) => {
      const read = readMatchRecognize(text, inputTypes.in?.timeField ?? null);
      if (!read.ok) return read;
      const key = read.value.keyBy.length > 0 ? [] : keyOf(inputTypes);
      const warnings = key.length > 0 ? [warning("MATCH_RECOGNIZE_KEY", { key })] : [];
      return success(jsonOf(read.value), [...read.warnings, ...warnings]);
    },
    write: (raw, inputTypes) => {
      const valid = params.safeParse(raw);
      if (!valid.success) return failure([error("MATCH_RECOGNIZE_UNFINISHED", {})]);
      const { keyBy, order, measures, skip, skipStage } = valid.data;
      // Durations are written as the document holds them; the schema has accepted both right above.
      const { stages, within = null } = raw as unknown as Pick<EventPatternParams, "stages"> & { readonly within?: string | null };
      const said: EventPatternParams = {
        keyBy: keyBy.length > 0 ? keyBy : keyOf(inputTypes),
        order: order.map(({ field, descending = false }) => ({ field, descending })),
        stages,
        within,
        measures,
        skip,
        skipStage,
      };
      return writeMatchRecognize(said, inputTypes.in?.timeField ?? "rowtime");
    },
  };
}

function keyOf(inputTypes: KnownInputs): readonly string[] {
  return inputTypes.in?.key ?? [];
}

function jsonOf({ order, ...params }: EventPatternParams): JsonObject {
  const written = { ...params, order: order.map(({ field, descending }) => (descending ? { field, descending } : { field })) };
  return JSON.parse(JSON.stringify(written));
}
