import type { SourceChunk, SourceConnector } from "@millrace/engine";

/** A bounded source over JSON lines in memory, handed out in chunks of whole lines of about `chunkBytes`. */
export function createBytesSource(bytes: Uint8Array, chunkBytes = 256 * 1024): SourceConnector {
  return {
    async open(context) {
      let at = typeof context.position === "number" ? context.position : 0;
      let line = 1;
      return {
        async poll(): Promise<SourceChunk> {
          if (at >= bytes.length) return { kind: "end" };
          const wanted = Math.min(bytes.length, at + chunkBytes);
          const cut = wanted === bytes.length ? wanted : bytes.lastIndexOf(0x0a, wanted - 1) + 1;
          const chunk = bytes.subarray(at, cut);
          at = cut;
          return { kind: "bytes", split: "memory", bytes: chunk, firstLine: line++ };
        },
        position: () => at,
        async close() {},
      };
    },
  };
}
