import type { PipelineDocument, Position } from "@millrace/engine";
import { gridStep, snapToGrid } from "./grid.ts";

/** Room that a node takes up, gap included, px. */
const room = { width: 224 + 2 * gridStep, height: 96 };

/** The place nearest below `wanted` at which a new node covers no other. */
export function freePosition(document: PipelineDocument, wanted: Position): Position {
  const taken = Object.values(document.layout.nodes);
  let place = snapToGrid(wanted);
  const covers = (other: Position): boolean => Math.abs(other.x - place.x) < room.width && Math.abs(other.y - place.y) < room.height;
  for (let tries = 0; tries < 200 && taken.some(covers); tries++) place = { x: place.x, y: place.y + gridStep };
  return place;
}
