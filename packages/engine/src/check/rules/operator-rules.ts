import { appendInput } from "./append-input.ts";
import { joinBounds } from "./join-bounds.ts";
import { joinInputs } from "./join-inputs.ts";
import { joinKeys } from "./join-keys.ts";
import { joinTime } from "./join-time.ts";
import { keyFields } from "./key-fields.ts";
import type { OperatorRule } from "./operator-rule.ts";
import { outputFields } from "./output-fields.ts";
import { patternShape } from "./pattern-shape.ts";
import { topNOrder } from "./top-n-order.ts";
import { tumblingAlert } from "./tumbling-alert.ts";
import { undoneAggregates } from "./undone-aggregates.ts";
import { unionInputs } from "./union-inputs.ts";
import { windowNeedsTime } from "./window-needs-time.ts";
import { windowShape } from "./window-shape.ts";

/** All rules about single operators. */
export const operatorRules: readonly OperatorRule[] = [
  windowNeedsTime,
  windowShape,
  unionInputs,
  appendInput,
  outputFields,
  keyFields,
  tumblingAlert,
  topNOrder,
  joinKeys,
  joinInputs,
  joinTime,
  joinBounds,
  patternShape,
  undoneAggregates,
];
