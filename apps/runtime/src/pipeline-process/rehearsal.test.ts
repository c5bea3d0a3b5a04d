import { createMemorySource, type SourceChunk, type SourceReader, stringType, valueAt } from "@millrace/engine";
import { createSimulatedClock } from "@millrace/engine/testing";
import { expect, test } from "vitest";
import { Rehearsal } from "./rehearsal.ts";

const rows = Array.from({ length: 12 }, (_, i) => ({ id: `r${i}`, _time: i }));

async function open() {
  const clock = createSimulatedClock(0);
  const rehearsal = new Rehearsal(clock);
  const source = rehearsal.over(new Map([["memory", createMemorySource({ rows }, { batchRows: 4 })]])).get("memory");
  const reader = await source?.open({
    options: { feed: "rows" },
    fields: [{ name: "id", type: stringType }],
    liveFields: [true],
    position: null,
    clock,
    signal: new AbortController().signal,
  });
  if (reader === undefined) throw new Error("no reader");
  return { clock, rehearsal, reader };
}

function idsOf(chunk: SourceChunk): string[] {
  if (chunk.kind !== "batch") return [chunk.kind];
  const column = chunk.batch.columns[0];
  if (column?.kind !== "string") throw new Error("no text");
  return Array.from({ length: chunk.batch.selected }, (_, i) => String(valueAt(column, i)));
}

const next = async (reader: SourceReader): Promise<string> => idsOf(await reader.poll()).join(" ");

test("the last records come once more, and the position does not move for them", async () => {
  const { rehearsal, reader } = await open();
  expect(await next(reader)).toBe("r0 r1 r2 r3");
  expect(await next(reader)).toBe("r4 r5 r6 r7");
  const position = reader.position();
  rehearsal.begin("duplicates");
  expect(await next(reader)).toBe("r0 r1 r2 r3");
  expect(await next(reader)).toBe("r4 r5 r6 r7");
  expect(reader.position()).toEqual(position);
  expect(await next(reader)).toBe("r8 r9 r10 r11");
  expect(await next(reader)).toBe("end");
});

test("a delay gives nothing for two minutes, and then goes on where it was", async () => {
  const { clock, rehearsal, reader } = await open();
  await next(reader);
  rehearsal.begin("delay");
  expect(await next(reader)).toBe("idle");
  clock.advance(119_000);
  expect(await next(reader)).toBe("idle");
  clock.advance(2000);
  expect(await next(reader)).toBe("r4 r5 r6 r7");
});
