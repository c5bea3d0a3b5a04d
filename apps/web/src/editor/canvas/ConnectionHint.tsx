"use client";

import { useConnection, useReactFlow } from "@xyflow/react";
import { CircleSlash } from "lucide-react";
import { createPortal } from "react-dom";
import type { PortRef } from "../document/port-ref.ts";

/** Says at the cursor why the connection that is being drawn may not end here. */
export function ConnectionHint({ refusal }: { readonly refusal: (from: PortRef, to: PortRef) => string | null }) {
  const { flowToScreenPosition } = useReactFlow();
  const connection = useConnection();
  if (!connection.inProgress || connection.toHandle === null || connection.isValid === true) return null;
  const { fromHandle, toHandle } = connection;
  if (fromHandle.nodeId === toHandle.nodeId && fromHandle.id === toHandle.id && fromHandle.type === toHandle.type) return null;
  const reason = reasonBetween(fromHandle, toHandle, refusal);
  if (reason === null) return null;
  const place = flowToScreenPosition(connection.to);
  return createPortal(
    <div role="status" className="connection-hint" style={{ left: place.x, top: place.y }}>
      <CircleSlash size={14} aria-hidden />
      <span>{reason}</span>
    </div>,
    document.body,
  );
}

interface HandleEnd {
  readonly nodeId: string;
  readonly id?: string | null;
  readonly type: "source" | "target";
}

function reasonBetween(a: HandleEnd, b: HandleEnd, refusal: (from: PortRef, to: PortRef) => string | null): string | null {
  if (a.type === b.type)
    return a.type === "source" ? "An output leads to an input, not to another output." : "An input takes an output, not another input.";
  const [source, target] = a.type === "source" ? [a, b] : [b, a];
  return refusal({ node: source.nodeId, port: source.id ?? "" }, { node: target.nodeId, port: target.id ?? "" });
}
