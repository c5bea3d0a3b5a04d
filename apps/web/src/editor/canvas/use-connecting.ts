"use client";

import type { Connection, Edge, FinalConnectionState, IsValidConnection, OnConnect, OnReconnect } from "@xyflow/react";
import { useCallback, useMemo, useRef } from "react";
import { connect } from "../document/connect.ts";
import { connectionRefusal } from "../document/connection-refusal.ts";
import { disconnect } from "../document/disconnect.ts";
import { edgeBetween, type PortRef } from "../document/port-ref.ts";
import { reconnect } from "../document/reconnect.ts";
import { typeRefusal } from "../document/type-refusal.ts";
import type { EditorSession } from "../session/editor-session.ts";
import type { FlowEdge } from "./flow-elements.ts";

/** The two ends of a connection that somebody draws. */
export function connectionEnds(connection: Connection | Edge): { readonly from: PortRef; readonly to: PortRef } {
  return {
    from: { node: connection.source, port: connection.sourceHandle ?? "" },
    to: { node: connection.target, port: connection.targetHandle ?? "" },
  };
}

/** Why a connection may not be drawn; null = it may. Remembers its last answer: it is asked with every move of the pointer. */
export function useRefusal(session: EditorSession): (from: PortRef, to: PortRef) => string | null {
  const last = useRef<{ key: string; document: unknown; answer: string | null }>({ key: "", document: null, answer: null });
  return useCallback(
    (from, to) => {
      const { document } = session.store;
      const key = `${from.node}.${from.port}>${to.node}.${to.port}`;
      if (last.current.key === key && last.current.document === document) return last.current.answer;
      const answer =
        connectionRefusal(document, session.language.catalogue, from, to) ??
        typeRefusal(document.pipeline, edgeBetween(from, to), session.checks.flush(), session.language.check);
      last.current = { key, document, answer };
      return answer;
    },
    [session],
  );
}

/** What the canvas does when connections are drawn, moved and dropped. */
export function useConnecting(session: EditorSession, refusal: (from: PortRef, to: PortRef) => string | null) {
  const isValidConnection = useCallback<IsValidConnection<FlowEdge>>(
    (connection) => {
      const { from, to } = connectionEnds(connection);
      return refusal(from, to) === null;
    },
    [refusal],
  );

  return useMemo(() => {
    const { catalogue } = session.language;
    const onConnect: OnConnect = (connection) => {
      const { from, to } = connectionEnds(connection);
      session.edit({ label: "Connect" }, (document) => connect(document, catalogue, from, to));
    };
    const onReconnect: OnReconnect<FlowEdge> = (edge, connection) => {
      const { from, to } = connectionEnds(connection);
      session.edit({ label: "Move connection" }, (document) => reconnect(document, catalogue, edge.id, from, to));
    };
    /** An end that is pulled off and dropped on nothing takes the edge away. */
    const onReconnectEnd = (_: unknown, edge: FlowEdge, __: unknown, state: FinalConnectionState): void => {
      if (state.toHandle === null) session.edit({ label: "Disconnect" }, (document) => disconnect(document, edge.id));
    };
    /** A connection that is dropped on a card rather than a port takes the first port that will have it. */
    const onConnectEnd = (event: MouseEvent | TouchEvent, state: FinalConnectionState): void => {
      if (state.toHandle !== null || state.fromHandle === null || state.fromNode === null) return;
      const slug = nodeUnder(event);
      const definition = slug === null ? undefined : catalogue.find(session.store.document.pipeline.nodes[slug]?.type ?? "");
      if (slug === null || definition === undefined || state.fromHandle.type !== "source") return;
      const from = { node: state.fromNode.id, port: state.fromHandle.id ?? "" };
      const input = definition.inputs.find((port) => refusal(from, { node: slug, port: port.name }) === null);
      if (input !== undefined)
        session.edit({ label: "Connect" }, (document) => connect(document, catalogue, from, { node: slug, port: input.name }));
    };
    return { isValidConnection, onConnect, onReconnect, onReconnectEnd, onConnectEnd };
  }, [session, refusal, isValidConnection]);
}

function nodeUnder(event: MouseEvent | TouchEvent): string | null {
  const point = "changedTouches" in event ? event.changedTouches[0] : event;
  if (point === undefined) return null;
  const card = document.elementFromPoint(point.clientX, point.clientY)?.closest(".react-flow__node");
  return card?.getAttribute("data-id") ?? null;
}
