"use client";

import { Background, BackgroundVariant, MiniMap, Panel, useOnViewportChange, useReactFlow, useStore, useStoreApi } from "@xyflow/react";
import { Maximize, Minus, Plus } from "lucide-react";
import { memo, type ReactNode, useCallback, useEffect } from "react";
import { IconButton } from "../../design/IconButton.tsx";
import { gridStep } from "../document/grid.ts";

/** Below these zooms a node is its tile and title, and then a plain block. */
const tileBelow = 0.4;
const blockBelow = 0.25;

/** Zoom range of every canvas. */
export const zoomLimits = { minZoom: 0.1, maxZoom: 2 } as const;

/** How `fitView` shows everything. */
export const fitOptions = { padding: 0.12, maxZoom: 1, duration: 180 } as const;

/** The same for the first sight of a pipeline, without motion, and never so small that nothing can be read. */
export const firstFitOptions = { padding: 0.08, maxZoom: 1, minZoom: 0.45 } as const;

/** What surrounds the nodes on every canvas: grid, map, zoom controls, level of detail. */
export const CanvasChrome = memo(function CanvasChrome({ tools }: { readonly tools?: ReactNode }) {
  return (
    <>
      <Background variant={BackgroundVariant.Dots} gap={2 * gridStep} size={1.75} color="var(--grid-dot)" bgColor="var(--surface-0)" />
      <DetailLevel />
      <Panel position="bottom-left" className="canvas-controls">
        <ZoomControls />
        {tools}
      </Panel>
      <MiniMap className="canvas-map" pannable zoomable ariaLabel="Map of the pipeline" nodeBorderRadius={24} offsetScale={2} />
    </>
  );
});

/** Sets how much of a node is drawn, and lets the grid fade. Attributes, not state: a zoom draws no node again. */
function DetailLevel() {
  const store = useStoreApi();
  const apply = useCallback(
    (zoom: number) => {
      const element = store.getState().domNode;
      if (element === null) return;
      const detail = zoom < blockBelow ? "block" : zoom < tileBelow ? "tile" : "full";
      if (element.dataset.detail !== detail) element.dataset.detail = detail;
      const grid = element.querySelector<SVGElement>(".react-flow__background");
      if (grid !== null) grid.style.opacity = String(Math.min(1, Math.max(0, (zoom - 0.2) / 0.4)));
    },
    [store],
  );
  useOnViewportChange({ onChange: ({ zoom }) => apply(zoom) });
  const domNode = useStore((state) => state.domNode);
  useEffect(() => {
    if (domNode !== null) apply(store.getState().transform[2]);
  }, [domNode, store, apply]);
  return null;
}

function ZoomControls() {
  const { zoomIn, zoomOut, zoomTo, fitView } = useReactFlow();
  const percent = useStore((state) => Math.round(state.transform[2] * 100));
  return (
    <>
      <IconButton label="Zoom out" icon={<Minus size={16} />} tooltipSide="top" onClick={() => zoomOut({ duration: 120 })} />
      <button
        type="button"
        className="canvas-zoom figures"
        title="Back to 100 %"
        aria-label={`Zoom ${percent} %; back to 100 %`}
        onClick={() => zoomTo(1, { duration: 120 })}
      >
        {percent} %
      </button>
      <IconButton label="Zoom in" icon={<Plus size={16} />} tooltipSide="top" onClick={() => zoomIn({ duration: 120 })} />
      <IconButton label="Show everything (Shift 1)" icon={<Maximize size={16} />} tooltipSide="top" onClick={() => fitView(fitOptions)} />
    </>
  );
}
