import { ConnectorError, type Delivery, FencedError, type JsonObject, type Prewrite, type SinkWriter } from "@millrace/engine";
import { expect, test } from "vitest";

/** A sink that exactly-once rests on: opened as often as wanted, and read as others read it. */
export interface SinkUnderTest {
  /** Each call is another process's view of the same sink. Its fields: `id`, a bigint. */
  open(): Promise<SinkWriter>;
  /** Ids of the rows that are committed, in order. */
  ids(): Promise<readonly number[]>;
}

/** What every sink must do that remembers in the same transaction which checkpoint it holds. `fresh` begins with an empty one. */
export function describeTransactionalSink(fresh: () => Promise<SinkUnderTest>): void {
  test("holds nothing at first, and then what it was given, in order", async () => {
    const { open, ids } = await fresh();
    const writer = await open();
    expect(await writer.delivered()).toBeNull();
    await writer.deliver(delivery(1, 1, [1, 2]));
    await writer.deliver(delivery(2, 1, [3]));
    expect(await writer.delivered()).toBe(2);
    expect(await ids()).toEqual([1, 2, 3]);
    expect(await (await open()).delivered()).toBe(2);
  });

  test("a checkpoint that it has is a no-op: again, from another process, whether or not that has asked before", async () => {
    const { open, ids } = await fresh();
    const writer = await open();
    await writer.deliver(delivery(4, 1, [1]));
    await writer.deliver(delivery(4, 1, [1]));
    const asking = await open();
    expect(await asking.delivered()).toBe(4);
    await asking.deliver(delivery(4, 2, [1]));
    await (await open()).deliver(delivery(4, 3, [1]));
    await (await open()).deliver(delivery(3, 3, [0]));
    expect(await ids()).toEqual([1]);
  });

  test("a checkpoint without records is held like any other, and numbers may skip", async () => {
    const { open, ids } = await fresh();
    const writer = await open();
    await writer.deliver(delivery(1, 1, [1]));
    await writer.deliver(delivery(2, 1, []));
    expect(await writer.delivered()).toBe(2);
    await writer.deliver(delivery(9, 1, [2]));
    expect(await writer.delivered()).toBe(9);
    expect(await ids()).toEqual([1, 2]);
  });

  test("a stale token is refused as fenced and changes nothing, whichever of the two was opened first", async () => {
    const { open, ids } = await fresh();
    const zombie = await open();
    await zombie.deliver(delivery(1, 1, [1]));
    const owner = await open();
    await owner.deliver(delivery(2, 2, [2]));
    for (const writer of [zombie, await open()]) {
      await expect(persistently(() => writer.deliver(delivery(3, 1, [13])))).rejects.toThrow(FencedError);
    }
    await persistently(() => owner.deliver(delivery(3, 2, [3])));
    expect(await ids()).toEqual([1, 2, 3]);
    expect(await (await open()).delivered()).toBe(3);
  });

  test("a thousand rows in one checkpoint are whole and in order", async () => {
    const { open, ids } = await fresh();
    const many = Array.from({ length: 1000 }, (_, id) => id);
    await (await open()).deliver(delivery(1, 1, many));
    expect(await ids()).toEqual(many);
  });
}

/** What those of them must do that take records before their checkpoint is committed. */
export function describePrewritingSink(fresh: () => Promise<SinkUnderTest>): void {
  const partOf = (whole: Delivery, from: number, bytes: Uint8Array): Prewrite => ({
    checkpoint: whole.checkpoint,
    fencingToken: whole.fencingToken,
    from,
    bytes: bytes.length,
    pieces: [bytes],
  });
  /** Rows of a checkpoint, the first two of which are prewritten, one by one. */
  async function prewritten(writer: SinkWriter, checkpoint: number, ids: readonly number[], token = 1): Promise<Delivery> {
    const [one, two] = [delivery(checkpoint, token, ids.slice(0, 1)).bytes, delivery(checkpoint, token, ids.slice(1, 2)).bytes];
    const whole = delivery(checkpoint, token, ids);
    await writer.prewrite?.(partOf(whole, 0, one));
    await writer.prewrite?.(partOf(whole, one.length, two));
    const from = one.length + two.length;
    return { ...whole, rest: { from, pieces: [whole.bytes.subarray(from)] } };
  }

  test("what was prewritten appears with its delivery, once and in order, with and without a rest", async () => {
    const { open, ids } = await fresh();
    const writer = await open();
    expect(writer.prewrite).toBeDefined();
    const whole = await prewritten(writer, 1, [1, 2, 3, 4]);
    await writer.deliver(whole);
    await writer.deliver(whole);
    await writer.deliver(await prewritten(writer, 2, [5, 6]));
    expect(await ids()).toEqual([1, 2, 3, 4, 5, 6]);
    expect(await (await open()).delivered()).toBe(2);
  });

  test("what was prewritten and never delivered is never seen, and the next owner delivers the checkpoint whole", async () => {
    const { open, ids } = await fresh();
    const zombie = await open();
    const whole = await prewritten(zombie, 1, [1, 2, 3]);
    const owner = await open();
    expect(await owner.delivered()).toBeNull();
    await owner.deliver(delivery(1, 2, [1, 2, 3]));
    await expect(persistently(() => zombie.deliver(whole))).rejects.toThrow(FencedError);
    await persistently(() => owner.deliver(delivery(2, 2, [4])));
    expect(await ids()).toEqual([1, 2, 3, 4]);
  });

  test("what follows a gap, or belongs to another checkpoint, is written by the delivery", async () => {
    const { open, ids } = await fresh();
    const writer = await open();
    const whole = delivery(1, 1, [1, 2, 3]);
    const second = delivery(1, 1, [2]).bytes;
    await writer.prewrite?.(partOf(whole, whole.bytes.indexOf(10) + 1, second));
    await writer.deliver(whole);
    await prewritten(writer, 2, [13, 14, 15]);
    await writer.deliver(delivery(3, 1, [4, 5]));
    expect(await ids()).toEqual([1, 2, 3, 4, 5]);
  });
}

/** As the engine does it: what may pass is tried again, since a client may have to find out first what happened to it. */
async function persistently(deliver: () => Promise<void>): Promise<void> {
  for (let left = 3; ; left--) {
    try {
      return await deliver();
    } catch (cause) {
      if (left === 0 || !(cause instanceof ConnectorError) || !cause.retryable) throw cause;
    }
  }
}

function delivery(checkpoint: number, fencingToken: number, ids: readonly number[]): Delivery {
  const rows = ids.map((id): JsonObject => ({ id }));
  const text = rows.map((row) => `${JSON.stringify(row)}\n`).join("");
  return { checkpoint, fencingToken, bytes: new TextEncoder().encode(text), records: rows.length };
}
