import { bigintType, type JsonObject, type KnownInputs, type StreamType, stringType, timestampType } from "@millrace/engine";
import { expect, test } from "vitest";
import { eventPattern } from "./event-pattern.node.ts";

const stream: StreamType = {
  fields: [
    { name: "at", type: timestampType },
    { name: "card", type: stringType },
    { name: "amount", type: bigintType },
  ],
  time: "event",
  timeField: "at",
  changelog: "append",
  key: ["card"],
};

function read(text: string, inputs: KnownInputs = { in: stream }) {
  const result = eventPattern.notation?.read(text, inputs);
  if (result?.ok !== true) throw new Error(result?.diagnostics[0].message);
  return result;
}

function write(params: JsonObject, inputs: KnownInputs = { in: stream }) {
  return eventPattern.notation?.write(params, inputs);
}

test("a clause becomes parameters that the node accepts, and these become the clause again", () => {
  const clause = `MATCH_RECOGNIZE (
  PARTITION BY card
  ORDER BY \`at\`, amount DESC, card
  MEASURES
    FIRST(\`at\`) AS match_start,
    LAST(\`at\`) AS match_end,
    COUNT(small.*) AS tries
  ONE ROW PER MATCH
  AFTER MATCH SKIP TO NEXT ROW
  PATTERN ((small odd?){2,} big) WITHIN INTERVAL '5' MINUTE
  DEFINE
    small AS amount < 5,
    odd AS amount > AVG(odd.amount),
    big AS amount > 100
)`;
  const { value, warnings } = read(clause);
  expect(warnings).toEqual([]);
  expect(eventPattern.params.safeParse(value).success).toBe(true);
  expect(value).toMatchObject({ within: "5m", order: [{ field: "amount", descending: true }, { field: "card" }] });
  expect(write(value)).toEqual({ ok: true, value: clause, warnings: [] });
});

test("without PARTITION BY the key of the stream counts, and is told", () => {
  const { value, warnings } = read("PATTERN (a b)");
  expect(warnings.map(({ code }) => code)).toEqual(["MATCH_RECOGNIZE_KEY"]);
  expect(read("PATTERN (a b)", { in: { ...stream, key: [] } }).warnings).toEqual([]);
  const written = write(value);
  expect(written?.ok === true && written.value).toContain("PARTITION BY card");
});

test("of a stream that is not known the time is called rowtime, and any order by time is taken", () => {
  const { value } = read("ORDER BY happened PATTERN (a b)", {});
  const written = write(value, {});
  expect(written?.ok === true && written.value).toContain("ORDER BY rowtime\n");
});

test("what is not finished cannot be written", () => {
  expect(write({ keyBy: [] })).toMatchObject({ ok: false, diagnostics: [{ code: "MATCH_RECOGNIZE_UNFINISHED" }] });
});
