import type { SinkConnector } from "@millrace/engine";

/** A sink that keeps the delivered bytes of all its openings, in order. */
export function createBytesSink(): { readonly connector: SinkConnector; readonly text: () => string; readonly clear: () => void } {
  let parts: Uint8Array[] = [];
  return {
    text: () => parts.map((part) => new TextDecoder().decode(part)).join(""),
    clear: () => {
      parts = [];
    },
    connector: {
      guarantee: "at-least-once",
      async open() {
        return {
          delivered: async () => null,
          async deliver({ bytes }) {
            if (bytes.length > 0) parts.push(bytes);
          },
          async close() {},
        };
      },
    },
  };
}
