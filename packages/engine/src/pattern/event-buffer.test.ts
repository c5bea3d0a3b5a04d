import { expect, test } from "vitest";
import { createBatchBuilder } from "../column/batch-builder.ts";
import { KeyTable } from "../state/key-table.ts";
import { openSnapshot, wholeSnapshot } from "../state/open-snapshot.ts";
import { EventBuffer, rowOf } from "./event-buffer.ts";
import { patternLayout } from "./pattern-layout.ts";
import { event, events } from "./testing/pattern-fixture.ts";

const who = events.fields.findIndex(({ name }) => name === "who");
const layout = patternLayout([], events.fields, ["n"]);

function emptyBuffer(): { readonly keys: KeyTable; readonly buffer: EventBuffer } {
  const keyFields = [{ index: who, type: events.fields[who].type }];
  const keys = new KeyTable(keyFields);
  return { keys, buffer: new EventBuffer(layout, 1, [], keys, keyFields) };
}

/** Puts events that begin nothing, and none of which is marked, into a buffer; each has its time as its number. */
function add({ buffer }: ReturnType<typeof emptyBuffer>, times: readonly number[]): void {
  const builder = createBatchBuilder(events.fields);
  for (const at of times) {
    const of = event(at, "x", at, `key ${at}`);
    builder.appendRow(
      events.fields.map(({ name }) => of[name]),
      at,
    );
  }
  const rows = Int32Array.from(times, (_, i) => i);
  const [marks, begins, keys] = [new Uint8Array(times.length), new Uint8Array(times.length), new Int32Array(times.length)];
  buffer.add(builder.build(), rows, times.length, { marks, begins, keys });
}

function restored({ keys, buffer }: ReturnType<typeof emptyBuffer>, written: Uint8Array, read: Uint8Array, watermark: number) {
  const reader = openSnapshot(
    wholeSnapshot((writer) => {
      keys.snapshot(writer);
      buffer.snapshot(writer, written);
    }),
  );
  const copy = emptyBuffer();
  copy.keys.restore(reader);
  copy.buffer.restore(reader, read, watermark);
  return copy;
}

/** Times of all events, in the order in which they are read. */
function drained(buffer: EventBuffer): number[] {
  const times: number[] = [];
  while (buffer.nextTime !== Number.POSITIVE_INFINITY) {
    times.push(buffer.nextTime);
    buffer.takeEarliest();
    buffer.endTaking();
  }
  return times;
}

const yes = Uint8Array.of(1);
const no = Uint8Array.of(0);

test("events are read in order of time, and a restart has those behind the watermark", () => {
  const filled = emptyBuffer();
  add(filled, [5, 3, 9]);
  add(filled, [4, 8]);
  const copy = restored(filled, yes, yes, 4);
  expect(copy.buffer.size).toBe(3);
  expect(drained(copy.buffer)).toEqual([5, 8, 9]);
  expect(drained(filled.buffer)).toEqual([3, 4, 5, 8, 9]);
  expect(copy.buffer.size).toBe(0);
});

test("the first block is read to before an event of another, of which the older goes first at one time", () => {
  const filled = emptyBuffer();
  add(filled, [1, 4, 6]);
  add(filled, [2, 4, 5]);
  const read: string[] = [];
  for (let block = filled.buffer.first; block !== undefined; block = filled.buffer.first) {
    const [from, to] = [block.head, filled.buffer.firstRun];
    for (; block.head < to; block.head++) read.push(`${block.number}@${block.time[block.head]}`);
    filled.buffer.settleFirst(block, to - from);
  }
  expect(read).toEqual(["0@1", "1@2", "0@4", "1@4", "1@5", "0@6"]);
  expect(filled.buffer.size).toBe(0);
});

test("the keys of events that begin nothing are looked up", () => {
  const filled = emptyBuffer();
  add(filled, [1, 2, 3, 4]);
  const held = filled.keys.idOf('k["key 3"]');
  filled.buffer.findKeys(3, (columns, rows, count, into) => filled.keys.find(columns, rows, count, into));
  expect([...(filled.buffer.first?.keys ?? [])].slice(0, 4)).toEqual([-1, -1, held, -1]);
});

test("what was written by a version that knows other answers is asked anew, and stays so over restarts", () => {
  const filled = emptyBuffer();
  add(filled, [6, 7]);
  const other = restored(filled, no, yes, 0);
  const again = restored(other, yes, yes, 0);
  for (const { keys, buffer } of [other, again]) {
    const [slot] = buffer.takeEarliest();
    const block = buffer.blockOf(slot);
    expect(block.begins[rowOf(slot)]).toBe(1);
    expect(block.answersAtStart).toBe(false);
    expect(keys.value(block.keys[rowOf(slot)], 0)).toBe("key 6");
  }
});
