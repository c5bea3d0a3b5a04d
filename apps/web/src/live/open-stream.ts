import type { TRPCClient } from "@trpc/client";
import type { AppRouter } from "../server/app-router.ts";
import type { OpenStream } from "./live-connection.ts";

/** Pause before a stream that the server refused or ended is opened again, ms. A break of the network is retried by the browser. */
const retryMs = 3000;

/** Opens streams at the server of this page. A stream stays open until it is closed here, whatever happens to the server. */
export function streamOpener(client: TRPCClient<AppRouter>): OpenStream {
  return (topics, { onEvents, onState }) => {
    let isClosed = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let unsubscribe = (): void => {};
    const openAgain = (): void => {
      if (isClosed) return;
      onState("lost");
      clearTimeout(timer);
      timer = setTimeout(open, retryMs);
    };
    const open = (): void => {
      const subscription = client.live.subscribe.subscribe(topics, {
        onData: (message) => onEvents(message.data.events),
        onConnectionStateChange: ({ state, error }) => {
          if (state === "pending") onState("open");
          else if (state === "connecting") onState(error === null ? "connecting" : "lost");
        },
        onError: openAgain,
        onComplete: openAgain,
      });
      unsubscribe = () => subscription.unsubscribe();
    };
    open();
    return () => {
      isClosed = true;
      clearTimeout(timer);
      unsubscribe();
    };
  };
}
