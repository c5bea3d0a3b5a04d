import { error } from "../../diagnostics/diagnostic.ts";
import type { JoinOperator } from "../../plan/join-operator.ts";
import type { Changelog } from "../../types/stream-type.ts";
import type { OperatorRule } from "./operator-rule.ts";

const sides = ["left", "right"] as const;

/** The inputs of a join are of a kind whose changes it can follow. */
export const joinInputs: OperatorRule = ({ operator, inputs, slug, labelOf }) => {
  if (!("left" in operator) || inputs.length < 2) return [];
  return sides.flatMap((side, i) => {
    const { changelog } = inputs[i];
    const taken = changelogsOf(operator, side);
    if (taken.includes(changelog)) return [];
    const takes = taken.map((each) => `"${each}"`).join(" or ");
    return [error("JOIN_CHANGELOG", { what: labelOf(slug), side, changelog, takes }, { node: slug, port: side })];
  });
};

function changelogsOf(operator: JoinOperator<unknown>, side: "left" | "right"): readonly Changelog[] {
  switch (operator.op) {
    case "interval-join":
    case "window-join":
      return ["append"];
    case "regular-join":
      // Which row an update replaces is not known: its key need not be that of the join.
      return ["append", "retract"];
    case "snapshot-join":
      // A left row that is taken back may meet another right row than when it came.
      return side === "left" ? ["append", "update"] : ["append", "update", "retract"];
    case "temporal-join":
      return ["append", "update", "retract"];
  }
}
