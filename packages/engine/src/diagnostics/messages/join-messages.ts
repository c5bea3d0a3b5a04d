import type { Words } from "../diagnostic.ts";
import { quote } from "../import-reasons.ts";

/** Words about joins. See `messages`. */
export const joinMessages = {
  JOIN_KEY_TYPES: (a: {
    readonly left: string;
    readonly leftType: string;
    readonly right: string;
    readonly rightType: string;
    readonly cast: string;
  }): Words => ({
    message: `The key ${quote(a.left)} of the left is ${a.leftType}, but ${quote(a.right)} of the right is ${a.rightType}; values of different types are never equal.`,
    fix: `Bring both to one type in a Map fields node before this one: ${a.cast}.`,
  }),
  JOIN_NEEDS_TIME: (a: { readonly side: string }): Words => ({
    message: `The join needs the time of each record, but the records of the ${a.side} carry none.`,
    fix: "Choose the field that holds the event time in the source.",
  }),
  JOIN_TIMES_DIFFER: (a: { readonly left: string; readonly right: string }): Words => ({
    message: `The records of the left carry ${a.left} time, those of the right ${a.right} time; the two cannot be compared.`,
    fix: "Use event time in both sources.",
  }),
  JOIN_CHANGELOG: (a: { readonly what: string; readonly side: string; readonly changelog: string; readonly takes: string }): Words => ({
    message: `${a.what} cannot take records on the ${a.side} that may still be ${a.changelog === "update" ? "replaced" : "taken back"} (output "${a.changelog}").`,
    fix: `Set the output of what comes before it to ${a.takes}.`,
  }),
  JOIN_BOUNDS_REVERSED: (a: { readonly from: string; readonly to: string }): Words => ({
    message: `The right record would have to lie between ${a.from} and ${a.to} the left one, which is no time at all.`,
    fix: "Exchange the two.",
  }),
  UNBOUNDED_STATE: (a: { readonly what: string; readonly missing: string; readonly fix: string }): Words => ({
    message: `${a.what} would keep every record for ever: ${a.missing}.`,
    fix: a.fix,
  }),
} satisfies Record<string, (args: never) => Words>;
