import { error } from "../../diagnostics/diagnostic.ts";
import type { OperatorRule } from "./operator-rule.ts";

const timed: ReadonlySet<string> = new Set(["interval-join", "window-join", "temporal-join", "regular-join"]);
const sides = ["left", "right"] as const;

/** Joins by time need records that carry one, of the same kind on both sides. */
export const joinTime: OperatorRule = ({ operator, inputs, slug }) => {
  if (!timed.has(operator.op) || inputs.length < 2) return [];
  const without = sides.filter((_side, i) => inputs[i].time === "none");
  if (without.length > 0) return without.map((side) => error("JOIN_NEEDS_TIME", { side }, { node: slug, port: side }));
  const [left, right] = inputs;
  if (left.time === right.time) return [];
  return [error("JOIN_TIMES_DIFFER", { left: left.time, right: right.time }, { node: slug })];
};
