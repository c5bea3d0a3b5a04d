import { randomBytes } from "node:crypto";
import { type ChunkRef, joinChunks, packedChunk } from "@millrace/engine";
import { describe, expect, it } from "vitest";
import { nativeChunks } from "./native-chunks.ts";
import { parseManifest } from "./parse-manifest.ts";

const { sha256, packing } = nativeChunks;
const lines = Buffer.from(Array.from({ length: 5000 }, (_, i) => `{"id":${i},"note":"paid at the counter"}\n`).join(""));

function chunkOf(bytes: Uint8Array) {
  if (packing === null) throw new Error("there is no packing");
  return packedChunk(bytes, sha256, packing);
}

function read(ref: ChunkRef, stored: Uint8Array | null): Promise<Uint8Array> {
  return joinChunks([ref], async () => stored, nativeChunks);
}

describe("chunks of checkpoints", () => {
  it("take less room, and are what they were", async () => {
    const { ref, bytes } = await chunkOf(lines);
    expect(bytes.length).toBeLessThan(lines.length / 4);
    expect(ref).toEqual({ sha256: sha256(bytes), bytes: lines.length, packed: bytes.length });
    expect(Buffer.from(await read(ref, bytes)).equals(lines)).toBe(true);
    expect((await chunkOf(lines)).ref).toEqual(ref);
  });

  it("stay as they are where packing does not help, and as earlier versions stored them", async () => {
    for (const bytes of [randomBytes(100_000), lines.subarray(0, 1000)]) {
      const { ref, bytes: stored } = await chunkOf(bytes);
      expect(ref).toEqual({ sha256: sha256(bytes), bytes: bytes.length });
      expect(stored).toBe(bytes);
    }
    expect(Buffer.from(await read({ sha256: sha256(lines), bytes: lines.length }, lines)).equals(lines)).toBe(true);
  });

  it("are found damaged whatever has become of them", async () => {
    const { ref, bytes } = await chunkOf(lines);
    await expect(read(ref, null)).rejects.toThrow("it is missing");
    await expect(read(ref, bytes.subarray(1))).rejects.toThrow(`it is ${bytes.length - 1} bytes long instead of ${bytes.length}`);
    for (let at = 0; at < bytes.length; at += 997) {
      const turned = Buffer.from(bytes);
      turned[at] ^= 1 << (at % 8);
      await expect(read(ref, turned)).rejects.toThrow("its SHA-256 is");
    }
    const noise = randomBytes(500);
    const forged = { sha256: sha256(noise), bytes: lines.length, packed: noise.length };
    await expect(read(forged, noise)).rejects.toThrow("it cannot be unpacked");
    await expect(read({ ...ref, bytes: 1000 }, bytes)).rejects.toThrow("it cannot be unpacked");
    await expect(read({ ...ref, bytes: lines.length + 1 }, bytes)).rejects.toThrow(`unpacked it is ${lines.length} bytes long`);
    await expect(joinChunks([ref], async () => bytes, { sha256, packing: null })).rejects.toThrow("nothing that unpacks it");
  });

  it("are the same in a manifest that was written and read", async () => {
    const { ref } = await chunkOf(lines);
    const manifest = {
      formatVersion: 1,
      pipelineId: "p",
      checkpoint: 1,
      fencingToken: 1,
      createdAtMs: 0,
      graphHash: "g",
      final: false,
      parts: [{ kind: "operator", id: "sum", chunks: [ref, { sha256: sha256(lines), bytes: lines.length }] }],
    };
    expect(parseManifest(JSON.stringify(manifest), "here")).toEqual(manifest);
  });
});
