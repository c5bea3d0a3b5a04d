import type { SinkConnector } from "@millrace/engine";

/** A sink that keeps the delivered bytes of all its openings by their option `path`, in order. */
export function createBytesSink(): { readonly connector: SinkConnector; readonly taken: () => ReadonlyMap<string, Uint8Array> } {
  const parts = new Map<string, Uint8Array[]>();
  return {
    taken: () => new Map([...parts].map(([path, pieces]) => [path, pieces.length === 1 ? pieces[0] : Buffer.concat(pieces)])),
    connector: {
      guarantee: "at-least-once",
      async open({ options }) {
        const path = String(options.path);
        const own = parts.get(path) ?? [];
        parts.set(path, own);
        return {
          delivered: async () => null,
          async deliver(delivery) {
            own.push(...(delivery.pieces ?? [delivery.bytes]).filter(({ length }) => length > 0));
          },
          async close() {},
        };
      },
    },
  };
}
