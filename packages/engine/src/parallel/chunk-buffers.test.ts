import { expect, it } from "vitest";
import { ChunkBuffers } from "./chunk-buffers.ts";

const chunkOf = (length: number, value: number) => new Uint8Array(length).fill(value);

it("puts a chunk into a buffer that came back, and keeps nothing of what was in it", () => {
  const buffers = new ChunkBuffers();
  const first = buffers.copy(chunkOf(100_000, 1));
  buffers.keep(first);
  const second = buffers.copy(chunkOf(90_000, 2));
  expect(second.buffer).toBe(first.buffer);
  expect(second).toEqual(chunkOf(90_000, 2));
});

it("gives every chunk a buffer of its own until it comes back", () => {
  const buffers = new ChunkBuffers();
  const chunk = chunkOf(100_000, 3);
  const copies = [buffers.copy(chunk), buffers.copy(chunk), buffers.copy(chunkOf(10, 4))];
  expect(new Set([chunk.buffer, ...copies.map(({ buffer }) => buffer)]).size).toBe(4);
  expect(copies.map(({ length }) => length)).toEqual([100_000, 100_000, 10]);
});

it("does not put a chunk into a buffer that is too small", () => {
  const buffers = new ChunkBuffers();
  buffers.keep(buffers.copy(chunkOf(70_000, 5)));
  const large = buffers.copy(chunkOf(1_000_000, 6));
  expect(large).toEqual(chunkOf(1_000_000, 6));
});
