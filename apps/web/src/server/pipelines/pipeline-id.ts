import { z } from "zod";

/** A pipeline's id as addresses, Redis keys and its document have it: a slug. */
export const pipelineId = z.string().regex(/^[a-z][a-z0-9_-]{0,62}$/, "not the id of a pipeline");

/** What a person may call a pipeline. */
export const pipelineName = z.string().trim().min(1, "a pipeline needs a name").max(120, "at most 120 characters");

/** The slug that a name suggests: `Error spike by service` becomes `error-spike-by-service`. */
export function suggestId(name: string): string {
  const plain = name
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+/, "")
    .slice(0, 48)
    .replace(/-+$/, "");
  return plain === "" ? "pipeline" : plain;
}

/** The first of `base`, `base-2`, `base-3`, … that is not taken. */
export function freeId(base: string, taken: ReadonlySet<string>): string {
  if (!taken.has(base)) return base;
  for (let n = 2; ; n++) {
    const candidate = `${base}-${n}`;
    if (!taken.has(candidate)) return candidate;
  }
}
