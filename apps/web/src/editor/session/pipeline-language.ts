import { checkGraph, parsePipeline, writePipeline } from "@millrace/engine";
import { catalogue } from "@millrace/nodes";
import { engineAssist } from "../inspector/expression/engine-assist.ts";
import type { PipelineLanguage } from "./editor-session.ts";

/** The engine with Millrace's own catalogue. */
export const pipelineLanguage: PipelineLanguage = {
  catalogue,
  check: (graph) => checkGraph(graph, catalogue),
  write: (document) => writePipeline(document, catalogue),
  parse: (text) => parsePipeline(text, catalogue),
  expressions: engineAssist,
};
