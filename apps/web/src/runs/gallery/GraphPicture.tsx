import type { Graph, Layout } from "@millrace/engine";
import { useMemo } from "react";
import { nodeIcon } from "../../design/node-icons.ts";
import { boxHeight, boxWidth, breakLabel, type DrawnNode, drawGraph } from "./graph-drawing.ts";

export interface GraphPictureProps {
  readonly graph: Graph;
  readonly layout: Layout;
  /** Says what is drawn; read aloud. */
  readonly label: string;
  /** `labels` where there is room to read them, else icons alone. */
  readonly detail: "labels" | "icons";
  readonly className?: string;
}

/** The graph of a pipeline, drawn small from its layout. */
export function GraphPicture({ graph, layout, label, detail, className }: GraphPictureProps) {
  const drawing = useMemo(() => drawGraph(graph, layout), [graph, layout]);
  return (
    <svg viewBox={drawing.viewBox} role="img" aria-label={label} className={className} preserveAspectRatio="xMidYMid meet">
      {drawing.edges.map((edge) => (
        <path
          key={edge.key}
          d={edge.path}
          fill="none"
          stroke="var(--line-strong)"
          strokeWidth={detail === "labels" ? 3 : 5}
          strokeDasharray={edge.isSide ? "10 10" : undefined}
          strokeLinecap="round"
        />
      ))}
      {drawing.nodes.map((node) =>
        detail === "labels" ? <LabelledBox key={node.slug} node={node} /> : <IconBox key={node.slug} node={node} />,
      )}
    </svg>
  );
}

const cornerRadius = 20;

function LabelledBox({ node }: { readonly node: DrawnNode }) {
  const Icon = nodeIcon(node.icon);
  const lines = breakLabel(node.label, 11);
  const lineHeight = 28;
  const firstLine = boxHeight / 2 - ((lines.length - 1) * lineHeight) / 2;
  return (
    <g transform={`translate(${node.x} ${node.y})`}>
      <rect width={boxWidth} height={boxHeight} rx={cornerRadius} fill="var(--surface-1)" stroke="var(--line)" strokeWidth={2} />
      <rect x={14} y={20} width={48} height={48} rx={10} fill={`var(--tile-${node.category})`} />
      <Icon x={25} y={31} width={26} height={26} color={`var(--hue-${node.category})`} />
      {lines.map((line, i) => (
        <text key={line} x={74} y={firstLine + i * lineHeight} dominantBaseline="central" fontSize={23} fontWeight={500} fill="var(--ink)">
          {line}
        </text>
      ))}
    </g>
  );
}

function IconBox({ node }: { readonly node: DrawnNode }) {
  const Icon = nodeIcon(node.icon);
  const size = 56;
  return (
    <g transform={`translate(${node.x} ${node.y})`}>
      <rect
        width={boxWidth}
        height={boxHeight}
        rx={cornerRadius}
        fill={`var(--tile-${node.category})`}
        stroke={`var(--hue-${node.category})`}
        strokeOpacity={0.35}
        strokeWidth={3}
      />
      <Icon
        x={(boxWidth - size) / 2}
        y={(boxHeight - size) / 2}
        width={size}
        height={size}
        color={`var(--hue-${node.category})`}
        strokeWidth={2}
      />
    </g>
  );
}
