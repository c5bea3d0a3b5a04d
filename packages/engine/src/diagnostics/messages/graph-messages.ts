import type { ParamKind } from "../../node/param-kind.ts";
import type { AggregateFunction } from "../../plan/logical-operator.ts";
import type { Words } from "../diagnostic.ts";
import { quote } from "../import-reasons.ts";
import { aggregateWords, missingWords, some } from "../param-words.ts";

/** Words about checking a graph. See `messages`. */
export const graphMessages = {
  EDGE_INVALID: (a: { readonly from: string; readonly to: string; readonly reason: string }): Words => ({
    message: `The edge ${a.from} → ${a.to} cannot be: ${a.reason}.`,
    fix: "Delete the edge, or draw it to another port.",
  }),
  INPUT_MISSING: (a: { readonly node: string; readonly port: string }): Words => ({
    message: `Nothing is connected to input "${a.port}" of ${quote(a.node)}.`,
    fix: "Draw an edge to it.",
  }),
  INPUT_DISABLED: (a: { readonly node: string; readonly port: string; readonly from: string }): Words => ({
    message: `Input "${a.port}" of ${quote(a.node)} comes from ${quote(a.from)} alone, which is disabled.`,
    fix: "Enable that node, or draw another edge to the input.",
  }),
  NODE_UNCONNECTED: (a: { readonly node: string; readonly ports: readonly string[] }): Words => ({
    message:
      a.ports.length === 0
        ? `${quote(a.node)} is not connected to anything.`
        : `Nothing takes the records of ${quote(a.node)} (${some(a.ports)}).`,
    fix: "Connect it, or delete it.",
  }),
  NO_SOURCE: (): Words => ({ message: "The pipeline has no source that is enabled.", fix: "Add a source from the palette." }),
  NO_SINK: (): Words => ({ message: "The pipeline has no sink that is enabled and reached.", fix: "Add a sink, and connect it." }),
  READS_OWN_OUTPUT: (a: { readonly channel: string; readonly source: string; readonly sink: string }): Words => ({
    message: `${quote(a.source)} reads ${a.channel}, to which ${quote(a.sink)} writes: the pipeline's own results would come back for ever.`,
    fix: "Write to another one, or leave it out of what is read.",
  }),
  PARAM_MISSING: (a: { readonly label: string; readonly kind: ParamKind["kind"] }): Words => ({
    message: missingWords(a.label, a.kind),
  }),
  PARAM_INVALID: (a: { readonly label: string; readonly value: string; readonly expected: string }): Words => ({
    message: `${a.label} is ${a.value}; it must be ${a.expected}.`,
  }),
  /** The words come from the node's definition: a rule that spans several of its parameters. */
  PARAM_CONFLICT: (a: { readonly words: string }): Words => ({ message: a.words }),
  SECRET_PLAIN: (a: { readonly param: string }): Words => ({
    message: `Parameter ${quote(a.param)} holds what looks like a secret; secrets are not saved with a pipeline.`,
    fix: "Store the secret under a name and put the name into the node.",
  }),
  PARAM_UNKNOWN: (a: { readonly name: string; readonly known: readonly string[]; readonly nearest: string | null }): Words => ({
    message: `There is no parameter ${quote(a.name)}; there are ${some(a.known)}.`,
    fix: a.nearest === null ? "Delete it." : `Did you mean ${a.nearest}?`,
  }),
  PARAM_FIELD_TYPE: (a: { readonly field: string; readonly actual: string; readonly allowed: readonly string[] }): Words => ({
    message: `The field ${quote(a.field)} is of type ${a.actual}; ${a.allowed.join(" or ")} is needed here.`,
    fix: "Choose another field, or convert it with CAST in a node before this one.",
  }),
  PARAM_RESULT_TYPE: (a: { readonly actual: string; readonly allowed: readonly string[] }): Words => ({
    message: `The expression gives a value of type ${a.actual}; ${a.allowed.join(" or ")} is needed here.`,
    fix: "Compare it with something for a condition, or CAST it.",
  }),
  NAME_DUPLICATE: (a: { readonly name: string }): Words => ({
    message: `The name ${quote(a.name)} stands more than once.`,
    fix: "Give each its own name.",
  }),
  NAME_RESERVED: (a: { readonly name: string }): Words => ({
    message: `The name ${quote(a.name)} is taken by the port for all other records.`,
    fix: "Choose another name.",
  }),
  KEY_TYPE: (a: { readonly field: string; readonly type: string }): Words => ({
    message: `The field ${quote(a.field)} is of type ${a.type}, by which records cannot be grouped.`,
    fix: "Group by a text, a number, a boolean or a timestamp; a member of a json value can be taken out with CAST in a node before this one.",
  }),
  OUTPUT_FIELD_DUPLICATE: (a: { readonly field: string }): Words => ({
    message: `The records that come out would have two fields called ${quote(a.field)}.`,
    fix: "Rename one of them, here or in a node before this one.",
  }),
  AGGREGATE_ARGUMENT_MISSING: (a: { readonly fn: string }): Words => ({
    message: `Write what ${a.fn} is taken of, such as a field.`,
  }),
  AGGREGATE_FRACTION_MISSING: (): Words => ({
    message: "Enter which percentile it is, as a fraction from 0 to 1, such as 0.95.",
  }),
  AGGREGATE_OPTION: (a: { readonly fn: AggregateFunction; readonly option: string; readonly takes: readonly string[] }): Words => ({
    message: `${a.fn} takes no ${a.option}${a.takes.length === 0 ? "" : `, only ${a.takes.join(" and ")}`}.`,
    fix: "Remove it, or choose another function.",
  }),
  AGGREGATE_ARGUMENT_TYPE: (a: { readonly fn: AggregateFunction; readonly actual: string }): Words => ({
    message: `${a.fn} cannot be taken of ${a.actual}; it needs ${aggregateWords[a.fn]}.`,
    fix: "Convert the argument with CAST, or choose another function.",
  }),
  UNION_FIELDS_DIFFER: (a: { readonly first: string; readonly other: string; readonly difference: string }): Words => ({
    message: `The inputs from ${a.first} and ${a.other} do not have the same fields: ${a.difference}.`,
    fix: "Bring both to the same fields, in the same order, in a node before this one.",
  }),
  WINDOW_NEEDS_TIME: (): Words => ({
    message: "This node goes by the time of each record, but the records that come in carry none.",
    fix: "Choose the field that holds the event time in the source.",
  }),
  WINDOW_SIZE: (a: { readonly size: string }): Words => ({
    message: `The window is ${a.size} long; it must be longer than zero.`,
  }),
  WINDOW_STEP: (a: { readonly step: string; readonly size: string }): Words => ({
    message: `The window grows by ${a.step}, but ${a.size} is not a whole number of such steps.`,
    fix: "Choose a step that divides the size.",
  }),
  WINDOW_ZONE: (a: { readonly zone: string }): Words => ({
    message: `There is no time zone called "${a.zone}".`,
    fix: "Write the IANA name of a zone, such as Europe/Berlin or UTC.",
  }),
  WINDOW_SLIDE: (a: { readonly slide: string; readonly size: string }): Words => ({
    message: `The window slides by ${a.slide} but is only ${a.size} long, so that records in between would be in no window.`,
    fix: `Slide by at most ${a.size}.`,
  }),
  WINDOW_SLIDE_UNEVEN: (a: { readonly slide: string; readonly size: string }): Words => ({
    message: `The window is ${a.size} long, which is no multiple of its slide of ${a.slide}; Apache Flink refuses such windows.`,
    fix: "Make the length a multiple of the slide if the pipeline is to be exported.",
  }),
  WINDOW_TOO_MANY: (a: { readonly slide: string; readonly size: string; readonly count: number; readonly limit: number }): Words => ({
    message: `A window of ${a.size} that slides by ${a.slide} takes ${a.count} slices a key; the limit is ${a.limit}.`,
    fix: "Slide by more, or make the window shorter.",
  }),
  WINDOW_MISSES_BURST: (a: { readonly window: string; readonly size: string }): Words => ({
    message: `The alert looks at tumbling windows of ${a.size}: a burst that falls half into one window and half into the next can stay below the threshold in both.`,
    fix: `Make ${quote(a.window)} a hopping window to catch it.`,
  }),
  AGGREGATE_NOT_UNDONE: (a: { readonly as: string; readonly fn: AggregateFunction }): Words => ({
    message: `${quote(a.as)} is a ${a.fn}, from which a record cannot be taken out again, but those that come in may still be taken back (output "retract").`,
    fix: "Use count, count_distinct, or sum or avg of a whole number (CAST it to BIGINT), or let the node before it put out final rows.",
  }),
  CHANGELOG_UNSUPPORTED: (a: { readonly what: string; readonly changelog: string }): Words => ({
    message: `${a.what} takes final records only, but those that come in may still be ${a.changelog === "update" ? "replaced" : "taken back"} (output "${a.changelog}").`,
    fix: 'Set the output of the window before it to "append".',
  }),
  // Top N
  TOP_N_ORDER: (a: { readonly type: string }): Words => ({
    message: `Records are ranked by a number, a timestamp or an interval, but what is given is of type ${a.type}.`,
    fix: "Rank by another field, or CAST the value to a number.",
  }),
  NODE_FAULTY: (a: { readonly type: string; readonly detail: string }): Words => ({
    message: `The kind of node ${quote(a.type)} failed on these parameters: ${a.detail}`,
    fix: "This is a fault of Millrace; please report it with the pipeline.",
  }),
} satisfies Record<string, (args: never) => Words>;
