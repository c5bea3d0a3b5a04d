import type { PipelineDocument, Position } from "@millrace/engine";
import { gridStep, snapToGrid } from "./grid.ts";

/** Room that a node takes up with several ports and its live line, px. */
const room = { width: 224, height: 128 };

/** Least distance to what stands there already, px. */
const gap = 2 * gridStep;

/** The place nearest below `wanted` at which a new node covers neither a node nor a note. */
export function freePosition(document: PipelineDocument, wanted: Position): Position {
  const taken = [...Object.values(document.layout.nodes).map((node) => ({ ...node, ...room })), ...document.layout.notes];
  let place = snapToGrid(wanted);
  const covers = (other: Position & { readonly width: number; readonly height: number }): boolean =>
    place.x < other.x + other.width + gap &&
    other.x < place.x + room.width + gap &&
    place.y < other.y + other.height + gap &&
    other.y < place.y + room.height;
  for (let tries = 0; tries < 200 && taken.some(covers); tries++) place = { x: place.x, y: place.y + gridStep };
  return place;
}
