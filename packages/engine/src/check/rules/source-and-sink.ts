import { type Diagnostic, error } from "../../diagnostics/diagnostic.ts";
import type { GraphRule } from "./graph-rule.ts";

/** A pipeline that runs has at least one source and one sink. */
export const sourceAndSink: GraphRule = ({ nodes }) => {
  const running = [...nodes.values()].filter((node) => !node.leftOut);
  const found: Diagnostic[] = [];
  if (!running.some((node) => node.definition?.category === "source")) found.push(error("NO_SOURCE", undefined));
  if (!running.some((node) => node.definition?.category === "sink")) found.push(error("NO_SINK", undefined));
  return found;
};
