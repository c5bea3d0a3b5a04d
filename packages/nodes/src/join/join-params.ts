import { type JoinInputs, type PortSpec, param } from "@millrace/engine";
import type { z } from "zod";

/** The two inputs of every join. */
export const joinInputs: readonly PortSpec[] = [
  { name: "left", label: "Left" },
  { name: "right", label: "Right" },
];

/** Parameters that all joins begin with: which fields are equal. */
export const joinKeyParams = {
  leftKeys: param.fields({
    label: "Left key fields",
    port: "left",
    min: 1,
    help: "The fields of the left that must be equal to those of the right.",
  }),
  rightKeys: param.fields({ label: "Right key fields", port: "right", min: 1, help: "As many as on the left, in the same order." }),
};

/** Parameters that all joins end with. */
export const joinNameParams = {
  nullsMatch: param.toggle({
    label: "NULL equals NULL",
    default: false,
    advanced: true,
    help: "Records whose key is NULL on both sides belong together (IS NOT DISTINCT FROM). Otherwise NULL equals nothing.",
  }),
  rightPrefix: param.text({
    label: "Prefix of right fields",
    default: "right_",
    maxLength: 64,
    advanced: true,
    help: "Goes before the name of a right field where the left has a field of that name.",
  }),
};

export interface JoinParams {
  readonly leftKeys: readonly string[];
  readonly rightKeys: readonly string[];
  readonly rightPrefix: string;
  readonly nullsMatch: boolean;
}

/** What no single parameter of a join can say for itself. */
export function checkJoin(value: JoinParams, context: z.RefinementCtx): void {
  const { leftKeys, rightKeys, rightPrefix } = value;
  if (leftKeys.length !== rightKeys.length) {
    const message = `There are ${leftKeys.length} key fields on the left and ${rightKeys.length} on the right; each needs one to be equal to.`;
    context.addIssue({ code: "custom", path: ["rightKeys"], message });
  }
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(rightPrefix)) {
    const message = `The prefix "${rightPrefix}" cannot begin the name of a field; use letters, digits and _.`;
    context.addIssue({ code: "custom", path: ["rightPrefix"], message });
  }
}

/** Which records belong together, and what their fields are called. */
export function joinConditionOf({
  leftKeys,
  rightKeys,
  nullsMatch,
  rightPrefix,
}: JoinParams): Pick<JoinInputs<unknown>, "on" | "nullsMatch" | "rightPrefix"> {
  return { on: leftKeys.map((left, i) => ({ left, right: rightKeys[i] })), nullsMatch, rightPrefix };
}

/** `order_id`, or `order_id = id` where the sides name it differently; for the start of a headline. */
export function joinKeyWords({ leftKeys, rightKeys }: JoinParams): string {
  return leftKeys.map((left, i) => (left === rightKeys[i] ? left : `${left} = ${rightKeys[i]}`)).join(", ");
}
