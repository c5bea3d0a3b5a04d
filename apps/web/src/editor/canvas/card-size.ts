import type { CardPorts } from "./card-ports.ts";

/** Width of a node, px. */
export const cardWidth = 224;

/** Heights of the parts of a card, px; `canvas.css` draws them so. */
export const headHeight = 56;
export const portRowHeight = 20;
export const portRowsPadding = 8;
export const footHeight = 28;

/** True when the ports stand in rows with their names, because one side has more than one. */
export function hasPortRows(ports: CardPorts): boolean {
  return ports.inputs.length > 1 || ports.outputs.length > 1;
}

/** Height of a card, px, borders included. */
export function cardHeight(ports: CardPorts, hasFoot: boolean): number {
  const rows = hasPortRows(ports) ? Math.max(ports.inputs.length, ports.outputs.length) : 0;
  return headHeight + (rows === 0 ? 0 : rows * portRowHeight + portRowsPadding) + (hasFoot ? footHeight : 0);
}

/** Distance of the port at `index` from the top of the card, px. */
export function portTop(ports: CardPorts, index: number): number {
  return hasPortRows(ports) ? headHeight + (index + 0.5) * portRowHeight : headHeight / 2;
}
