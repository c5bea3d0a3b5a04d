import type { PipelineDocument, Position } from "@millrace/engine";
import type { EditOutcome } from "./edit-outcome.ts";
import { moveItems } from "./move-items.ts";
import { entryOf, type PlainRecord, recordOf } from "./plain-record.ts";

/**
 * Puts nodes where an automatic layout wants them. Nodes that it does not name (added meanwhile) stay; a note goes
 * with the node that it was nearest to.
 */
export function applyLayout(document: PipelineDocument, positions: PlainRecord<Position>): EditOutcome {
  const { nodes, notes } = document.layout;
  const places = Object.entries(nodes).filter(([slug]) => Object.hasOwn(positions, slug));
  const moved = notes.flatMap((note): [string, Position][] => {
    const nearest = places.reduce<readonly [string, Position] | null>(
      (best, place) => (best === null || distance(note, place[1]) < distance(note, best[1]) ? place : best),
      null,
    );
    const target = nearest === null ? undefined : entryOf(positions, nearest[0]);
    if (nearest === null || target === undefined) return [];
    return [[note.id, { x: note.x + target.x - nearest[1].x, y: note.y + target.y - nearest[1].y }]];
  });
  return moveItems(document, { nodes: positions, notes: recordOf(moved) });
}

function distance(a: Position, b: Position): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
