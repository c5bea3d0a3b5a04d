import { ConnectorError, type SourceChunk, type SourceConnector } from "@millrace/engine";

/** How a case feeds its files. */
export interface Feeding {
  readonly linesPerChunk: number;
  /** Lines of the file that a source names, in the order in which they arrive. */
  lines(path: string): readonly string[];
  /** Asked before every poll: true makes the source fail, as if the process had died. */
  crash(): boolean;
}

/** The `file` source over lines in memory. */
export function createLinesSource(feeding: Feeding): SourceConnector {
  return {
    async open({ options, position }) {
      const lines = feeding.lines(String(options.path));
      let at = typeof position === "number" ? position : 0;
      return {
        async poll(): Promise<SourceChunk> {
          if (feeding.crash()) throw new ConnectorError("CRASH", "the source was told to fail", { retryable: true });
          if (at >= lines.length) return { kind: "end" };
          const part = lines.slice(at, at + feeding.linesPerChunk);
          const firstLine = at + 1;
          at += part.length;
          return { kind: "bytes", split: "file", bytes: new TextEncoder().encode(`${part.join("\n")}\n`), firstLine };
        },
        position: () => at,
        async close() {},
      };
    },
  };
}
