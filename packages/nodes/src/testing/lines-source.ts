import type { SourceConnector } from "@millrace/engine";

/** A file in memory, for sources that read lines. */
export function linesSource(lines: readonly string[]): SourceConnector {
  const bytes = new TextEncoder().encode(lines.map((line) => `${line}\n`).join(""));
  return {
    async open(context) {
      let read = context.position === 1;
      return {
        async poll() {
          if (read) return { kind: "end" };
          read = true;
          return { kind: "bytes", split: "0", bytes, firstLine: 1 };
        },
        position: () => (read ? 1 : 0),
        async close() {},
      };
    },
  };
}
