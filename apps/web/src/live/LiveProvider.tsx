"use client";

import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { useTRPCClient } from "../client/trpc.ts";
import { type ConnectionState, LiveConnection } from "./live-connection.ts";
import type { LiveEvent } from "./live-event.ts";
import { type LiveStore, liveStoreOf } from "./live-store.ts";
import { streamOpener } from "./open-stream.ts";
import type { LiveTopicsInput } from "./topics.ts";

const LiveContext = createContext<LiveConnection | null>(null);

/** Holds the tab's one subscription. Stands once in the shell. */
export function LiveProvider({ children }: { readonly children: ReactNode }) {
  const client = useTRPCClient();
  const [connection] = useState(() => new LiveConnection(streamOpener(client)));
  return <LiveContext value={connection}>{children}</LiveContext>;
}

function useConnection(): LiveConnection {
  const connection = useContext(LiveContext);
  if (connection === null) throw new Error("LiveProvider is missing above this component");
  return connection;
}

/** Keeps these topics flowing while the component is mounted. */
export function useLiveTopics(topics: LiveTopicsInput): void {
  const connection = useConnection();
  const key = JSON.stringify(topics);
  useEffect(() => connection.want(JSON.parse(key) as LiveTopicsInput), [connection, key]);
}

/** The live numbers of a deployment, kept flowing while the component is mounted; null without a deployment. */
export function useLiveStore(deploymentId: string | null): LiveStore | null {
  useLiveTopics(useMemo(() => (deploymentId === null ? {} : { deployments: [deploymentId] }), [deploymentId]));
  return deploymentId === null ? null : liveStoreOf(deploymentId);
}

/** Calls back with alerts, rows, dead letters and log lines; ask for them with `useLiveTopics`. */
export function useLiveEvents(listener: (event: LiveEvent) => void): void {
  const connection = useConnection();
  const newest = useRef(listener);
  useEffect(() => {
    newest.current = listener;
  });
  useEffect(() => connection.onEvent((event) => newest.current(event)), [connection]);
}

/** Whether the tab hears the server. */
export function useConnectionState(): ConnectionState {
  const connection = useConnection();
  return useSyncExternalStore(
    (changed) => connection.onState(changed),
    () => connection.state,
    () => "idle" as const,
  );
}
