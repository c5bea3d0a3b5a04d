import type { Catalogue, PipelineDocument } from "@millrace/engine";
import { connect } from "./connect.ts";
import { disconnect } from "./disconnect.ts";
import type { EditOutcome } from "./edit-outcome.ts";
import { edgeBetween, edgeId, type PortRef } from "./port-ref.ts";
import { selectionOf } from "./selection.ts";

/** Moves one end (or both) of the edge `id` to other ports, as one step; the edge stays where it was when that is refused. */
export function reconnect(document: PipelineDocument, catalogue: Catalogue, id: string, from: PortRef, to: PortRef): EditOutcome {
  if (edgeId(edgeBetween(from, to)) === id) return { ok: true, document };
  const without = disconnect(document, id);
  if (!without.ok) return without;
  const outcome = connect(without.document, catalogue, from, to);
  return outcome.ok ? { ...outcome, selection: selectionOf({ edges: [edgeId(edgeBetween(from, to))] }) } : outcome;
}
