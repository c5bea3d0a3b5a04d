"use client";

import { type EdgeProps, getBezierPath } from "@xyflow/react";
import { memo, type RefObject, useEffect, useRef } from "react";
import { rateWords } from "../../design/format/numbers.ts";
import { useLiveMetrics } from "../live/live-metrics.ts";
import { useIsDropEdge } from "./drop-edge.ts";
import type { FlowEdge } from "./flow-elements.ts";

/** Back-pressure is shown above this share of a second. */
const backPressureShown = 0.6;

/** A connection: a curve, and while it runs the rate on it. */
export const PipelineEdge = memo(function PipelineEdge(props: EdgeProps<FlowEdge>) {
  const { id, source, sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition, selected, data } = props;
  const [path, labelX, labelY] = getBezierPath({ sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition, curvature: 0.35 });
  const pill = useRef<SVGGElement>(null);
  const isDropEdge = useIsDropEdge(id);
  useLivePill(pill, id, source);
  return (
    <>
      <path className="react-flow__edge-interaction" d={path} fill="none" strokeOpacity={0} strokeWidth={20} />
      <path
        id={id}
        className="react-flow__edge-path pipeline-edge"
        d={path}
        data-selected={selected || undefined}
        data-dangling={data?.dangling || undefined}
        data-drop={isDropEdge || undefined}
      />
      <g ref={pill} className="rate-pill" transform={`translate(${labelX} ${labelY})`} visibility="hidden">
        <rect y={-10} height={20} rx={10} />
        <text textAnchor="middle" dominantBaseline="central" className="figures" />
        <rect className="rate-pill-pressure" y={7} height={3} rx={1.5} />
      </g>
    </>
  );
});

/** Writes rate and back-pressure of an edge straight into its pill, past React. */
function useLivePill(pill: RefObject<SVGGElement | null>, id: string, source: string): void {
  const metrics = useLiveMetrics();
  useEffect(() => {
    if (metrics === null) return;
    const stopEdge = metrics.subscribeEdge(id, (numbers) => writeRate(pill.current, rateWords(numbers.perSecond)));
    const stopNode = metrics.subscribeNode(source, (numbers) => writePressure(pill.current, numbers.backPressured));
    return () => {
      stopEdge();
      stopNode();
      pill.current?.setAttribute("visibility", "hidden");
    };
  }, [metrics, id, source, pill]);
}

function writeRate(pill: SVGGElement | null, words: string): void {
  const text = pill?.querySelector("text");
  if (pill == null || text == null || text.textContent === words) return;
  text.textContent = words;
  pill.setAttribute("visibility", "visible");
  const width = String(pillWidth(text, words));
  const box = pill.querySelector("rect");
  if (box === null || box.getAttribute("width") === width) return;
  box.setAttribute("width", width);
  box.setAttribute("x", String(-Number(width) / 2));
}

/** Widths of rates by their form: figures have one width, so `1.2k/s` is as wide as `9.9k/s`. */
const widths = new Map<string, number>();

/** Measures each form once: measuring makes the browser lay the page out. */
function pillWidth(text: SVGTextElement, words: string): number {
  const form = words.replace(/\d/g, "0");
  const known = widths.get(form);
  if (known !== undefined) return known;
  const width = Math.ceil(text.getComputedTextLength()) + 16;
  if (width > 16) widths.set(form, width);
  return width;
}

function writePressure(pill: SVGGElement | null, share: number): void {
  const bar = pill?.querySelector(".rate-pill-pressure");
  if (bar == null) return;
  const width = share > backPressureShown ? Math.round(36 * Math.min(1, share)) : 0;
  bar.setAttribute("width", String(width));
  bar.setAttribute("x", String(-width / 2));
}
