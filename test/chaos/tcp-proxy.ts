import { connect, createServer, type Socket } from "node:net";

/** What stands between the runtimes and a service, so that the network can be cut. */
export interface TcpProxy {
  readonly port: number;
  /** Ends all connections and takes no more until `mend`. */
  cut(): void;
  mend(): void;
  /**
   * Calls `onMatch` for the next piece towards the service that `matches`; `drop` keeps it from the service. Each piece
   * is looked at by itself, which is enough for commands that are sent at once.
   */
  watchFor(matches: (piece: Buffer) => boolean, onMatch: () => "pass" | "drop"): void;
  /** No longer looks for anything. */
  unwatch(): void;
  close(): Promise<void>;
}

/** Listens on loopback and passes everything on to `port` of loopback. */
export async function startTcpProxy(target: { readonly port: number }, listenPort = 0): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let isCut = false;
  let watch: { readonly matches: (piece: Buffer) => boolean; readonly onMatch: () => "pass" | "drop" } | null = null;
  const server = createServer((inner) => {
    if (isCut) return void inner.destroy();
    const outer = connect({ port: target.port, host: "127.0.0.1" });
    for (const [from, to] of [
      [inner, outer],
      [outer, inner],
    ]) {
      sockets.add(from);
      from.setNoDelay(true);
      from.on("error", () => {});
      from.on("close", () => {
        sockets.delete(from);
        to.destroy();
      });
    }
    outer.on("data", (piece) => inner.write(piece));
    inner.on("data", (piece: Buffer) => {
      if (watch?.matches(piece)) {
        const { onMatch } = watch;
        watch = null;
        if (onMatch() === "drop") return;
      }
      outer.write(piece);
    });
  });
  await new Promise<void>((resolve) => server.listen(listenPort, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the proxy has no port");
  const endAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: address.port,
    cut() {
      isCut = true;
      endAll();
    },
    mend() {
      isCut = false;
    },
    watchFor(matches, onMatch) {
      watch = { matches, onMatch };
    },
    unwatch() {
      watch = null;
    },
    async close() {
      endAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
