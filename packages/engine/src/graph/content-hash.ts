import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { Catalogue } from "../node/catalogue.ts";
import type { Graph } from "./graph.ts";
import { canonicalLogic } from "./write-pipeline.ts";

/**
 * SHA-256, in hex, of what a pipeline does: nodes, params, edges and settings in canonical form. Moving or
 * renaming nodes, renaming or describing the pipeline, and changing its tests do not change it.
 */
export function contentHash(graph: Graph, catalogue: Catalogue): string {
  return bytesToHex(sha256(utf8ToBytes(JSON.stringify(canonicalLogic(graph, catalogue)))));
}
