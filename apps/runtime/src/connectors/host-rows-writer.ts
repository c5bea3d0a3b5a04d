import type { SinkWriter } from "@millrace/engine";
import type { ConnectorHost } from "./connector-host.ts";

/** Hands delivered rows to the host (the command line prints them). It remembers deliveries as long as it is open. */
export function createHostRowsWriter(host: ConnectorHost, sinkId: string): SinkWriter {
  let last: number | null = null;
  return {
    async delivered() {
      return last;
    },
    async deliver(delivery) {
      if (last !== null && delivery.checkpoint <= last) return;
      if (delivery.records > 0) host.onRows(sinkId, delivery.bytes, delivery.records);
      last = delivery.checkpoint;
    },
    async close() {},
  };
}
