import type { Redis } from "ioredis";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { StreamEntry } from "../redis/stream-entry.ts";
import { StreamTail } from "./stream-tail.ts";

/** Streams in memory with the two commands that a tail uses. */
class FakeStreams {
  readonly streams = new Map<string, [string, string[]][]>();
  commands = 0;
  isAway = false;

  add(key: string, id: string): void {
    const entries = this.streams.get(key) ?? [];
    entries.push([id, ["n", id]]);
    this.streams.set(key, entries);
  }

  async xrevrange(key: string): Promise<[string, string[]][]> {
    this.#use();
    return (this.streams.get(key) ?? []).slice(-1);
  }

  async xread(...args: readonly (string | number)[]): Promise<[string, [string, string[]][]][] | null> {
    this.#use();
    const names = args.slice(3).map(String);
    const keys = names.slice(0, names.length / 2);
    const found = keys.map((key, i): [string, [string, string[]][]] => {
      const after = Number.parseInt(names[keys.length + i] ?? "0", 10);
      return [key, (this.streams.get(key) ?? []).filter(([id]) => Number.parseInt(id, 10) > after)];
    });
    const news = found.filter(([, entries]) => entries.length > 0);
    return news.length === 0 ? null : news;
  }

  #use(): void {
    this.commands++;
    if (this.isAway) throw new Error("away");
  }
}

let fake: FakeStreams;
let tail: StreamTail;

beforeEach(() => {
  vi.useFakeTimers();
  fake = new FakeStreams();
  // The tail uses no more of Redis than the fake has.
  tail = new StreamTail(fake as unknown as Redis);
});

afterEach(() => {
  vi.useRealTimers();
});

function follow(key: string): { readonly ids: string[]; readonly end: () => void } {
  const ids: string[] = [];
  const end = tail.follow(key, (entries: readonly StreamEntry[]) => ids.push(...entries.map((entry) => entry.id)));
  return { ids, end };
}

it("hands on what is added after it began, once, in order", async () => {
  fake.add("a", "1-0");
  const { ids } = follow("a");
  await vi.advanceTimersByTimeAsync(250);
  fake.add("a", "2-0");
  fake.add("a", "3-0");
  await vi.advanceTimersByTimeAsync(1000);
  expect(ids).toEqual(["2-0", "3-0"]);
});

it("hears the first entry of a stream that did not exist", async () => {
  const { ids } = follow("a");
  await vi.advanceTimersByTimeAsync(250);
  fake.add("a", "1-0");
  await vi.advanceTimersByTimeAsync(250);
  expect(ids).toEqual(["1-0"]);
});

it("asks for all streams in one command a round", async () => {
  for (const key of ["a", "b", "c"]) follow(key);
  await vi.advanceTimersByTimeAsync(250);
  fake.commands = 0;
  await vi.advanceTimersByTimeAsync(1000);
  expect(fake.commands).toBe(5);
});

it("asks nothing when nobody follows", async () => {
  const { end } = follow("a");
  await vi.advanceTimersByTimeAsync(500);
  end();
  await vi.advanceTimersByTimeAsync(500);
  fake.commands = 0;
  await vi.advanceTimersByTimeAsync(5000);
  expect(fake.commands).toBe(0);
});

it("goes on where it was after Redis was away", async () => {
  const { ids } = follow("a");
  await vi.advanceTimersByTimeAsync(250);
  fake.isAway = true;
  await vi.advanceTimersByTimeAsync(1000);
  fake.add("a", "1-0");
  fake.isAway = false;
  await vi.advanceTimersByTimeAsync(500);
  expect(ids).toEqual(["1-0"]);
});
