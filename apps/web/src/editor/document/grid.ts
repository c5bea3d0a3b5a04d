import type { Position } from "@millrace/engine";

/** Positions snap to this grid, px; it is also the distance of the dots on the canvas. */
export const gridStep = 16;

/** Farther out than this, px, nothing is placed. */
const limit = 1_000_000;

/** The nearest point of the grid, inside the canvas. */
export function snapToGrid(position: Position): Position {
  return { x: snap(position.x), y: snap(position.y) };
}

function snap(value: number): number {
  if (!Number.isFinite(value)) return 0;
  const snapped = Math.round(Math.max(-limit, Math.min(limit, value)) / gridStep) * gridStep;
  return snapped === 0 ? 0 : snapped;
}
