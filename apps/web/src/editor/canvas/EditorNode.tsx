"use client";

import { type NodeProps, useUpdateNodeInternals } from "@xyflow/react";
import { memo, useEffect, useRef } from "react";
import { LiveFoot } from "../live/LiveFoot.tsx";
import { useIsRunning, useNodeChanged, useNodeFailure } from "../session/use-deployment.ts";
import { useNode, useReport, useSession } from "../session/use-session.ts";
import { cardState } from "./card-state.ts";
import type { PipelineFlowNode } from "./flow-elements.ts";
import { NodeCard } from "./NodeCard.tsx";
import { PortHandles, PortRows } from "./Ports.tsx";

/** A node on the editor's canvas. It reads its own part of the session, so that an edit draws one card again. */
export const EditorNode = memo(function EditorNode({ id, data, isConnectable }: NodeProps<PipelineFlowNode>) {
  const { catalogue } = useSession().language;
  const node = useNode(id);
  const report = useReport(id);
  const changed = useNodeChanged(id);
  const failure = useNodeFailure(id);
  const isRunning = useIsRunning(id);
  const updateInternals = useUpdateNodeInternals();
  const { ports } = data;

  // Handles that have other names must be measured again; a card that grew is measured anyway. Not when it is new:
  // each call draws the whole canvas again.
  const measured = useRef(ports);
  useEffect(() => {
    if (measured.current === ports) return;
    measured.current = ports;
    updateInternals(id);
  }, [id, ports, updateInternals]);

  if (node === undefined) return null;
  const definition = catalogue.find(node.type);
  return (
    <>
      <NodeCard
        title={node.label !== "" ? node.label : (definition?.label ?? node.type)}
        category={definition?.category ?? "transform"}
        icon={definition?.icon ?? "unplug"}
        headline={report?.headline ?? ""}
        state={cardState(node, definition, report)}
        disabled={node.disabled || report?.leftOut === true}
        changed={changed}
        failure={failure}
        ports={<PortRows ports={ports} />}
        foot={
          isRunning && (
            <LiveFoot
              slug={id}
              hasInput={ports.inputs.length > 0}
              hasOutput={ports.outputs.length > 0}
              showsWatermark={definition?.category === "window"}
            />
          )
        }
      />
      <PortHandles ports={ports} connectable={isConnectable} />
    </>
  );
});
