import type { PipelineDocument, Position } from "@millrace/engine";
import type { EditOutcome } from "./edit-outcome.ts";
import { moveItems } from "./move-items.ts";
import type { PlainRecord } from "./plain-record.ts";

/** Puts nodes where an automatic layout wants them. Nodes that it does not name (added meanwhile) stay. */
export function applyLayout(document: PipelineDocument, positions: PlainRecord<Position>): EditOutcome {
  return moveItems(document, { nodes: positions });
}
