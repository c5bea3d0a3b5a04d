import type { Catalogue, JsonObject, PipelineDocument } from "@millrace/engine";
import { type EditOutcome, edited } from "./edit-outcome.ts";
import { setParam } from "./set-param.ts";

/** Sets several parameters of a node in one step, as `setParam` does each of them; those that are not named stay. */
export function setParams(document: PipelineDocument, catalogue: Catalogue, slug: string, params: JsonObject): EditOutcome {
  let changed = document;
  for (const [name, value] of Object.entries(params)) {
    const outcome = setParam(changed, catalogue, slug, [name], value);
    if (!outcome.ok) return outcome;
    changed = outcome.document;
  }
  return edited(changed);
}
