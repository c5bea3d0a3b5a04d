import type { ParamKind } from "../node/param-kind.ts";
import type { AggregateFunction } from "../plan/logical-operator.ts";
import type { Words } from "./diagnostic.ts";
import { quote } from "./import-reasons.ts";
import { aggregateWords, missingWords, some } from "./param-words.ts";

/**
 * Every word that the engine says to a person, by code. A code is stable: it is shown, searched for
 * and tested. A message names what, where and both of the values in conflict; `fix` says what to do.
 */
export const messages = {
  // --- reading a document -------------------------------------------------------------------
  IMPORT_INVALID: (a: { readonly reason: string }): Words => ({
    message: `This cannot be opened as a Millrace pipeline: ${a.reason}.`,
  }),
  TOO_LARGE: (a: { readonly what: string; readonly actualBytes: number; readonly limitBytes: number }): Words => ({
    message: `${a.what} is ${a.actualBytes} bytes long; the limit is ${a.limitBytes} bytes.`,
  }),
  TOO_DEEP: (a: { readonly what: string; readonly limit: number }): Words => ({
    message: `${a.what} is nested more than ${a.limit} levels deep.`,
  }),
  FORMAT_TOO_NEW: (a: { readonly found: number; readonly supported: number }): Words => ({
    message: `This pipeline has format version ${a.found}; this version of Millrace reads format versions up to ${a.supported}.`,
    fix: "Update Millrace, or export the pipeline again from the older version.",
  }),
  NODE_TYPE_UNKNOWN: (a: { readonly type: string }): Words => ({
    message: `There is no kind of node called ${quote(a.type)} here; the node stays as a disabled placeholder.`,
    fix: "Update Millrace to a version that has it, or replace the node.",
  }),
  NODE_VERSION_NEWER: (a: { readonly type: string; readonly found: number; readonly supported: number }): Words => ({
    message: `The node was saved by version ${a.found} of ${quote(a.type)}; here is version ${a.supported}. It stays as a disabled placeholder.`,
    fix: "Update Millrace, or replace the node.",
  }),
  NODE_MIGRATION_FAILED: (a: { readonly type: string; readonly from: number; readonly to: number }): Words => ({
    message: `The parameters of the node cannot be brought from version ${a.from} of ${quote(a.type)} to version ${a.to}; it stays as a disabled placeholder.`,
    fix: "Replace the node.",
  }),
  SECRET_STRIPPED: (a: { readonly param: string }): Words => ({
    message: `A value that looks like a secret was left out of parameter ${quote(a.param)}.`,
    fix: "Store the secret under a name and put the name into the node.",
  }),
  LAYOUT_REPAIRED: (a: { readonly what: readonly string[] }): Words => ({
    message: `Parts of the layout made no sense and were repaired or left out: ${some(a.what)}.`,
  }),
  // --- checking a graph ---------------------------------------------------------------------
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
  // --- joins --------------------------------------------------------------------------------
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
  // --- event patterns -----------------------------------------------------------------------
  PATTERN_STAGE_UNKNOWN: (a: { readonly name: string; readonly stages: readonly string[]; readonly nearest: string | null }): Words => ({
    message: `The pattern has no stage ${quote(a.name)} that takes events; there are ${some(a.stages)}.`,
    fix: a.nearest === null ? "Write the name of one of them." : `Did you mean ${a.nearest}?`,
  }),
  PATTERN_AGGREGATE_FORM: (a: { readonly fn: string; readonly stages: readonly string[] }): Words => ({
    message: `In a pattern ${a.fn} is taken of one field of a stage; the stages are ${some(a.stages)}.`,
    fix: a.fn === "COUNT" ? "Write COUNT(stage)." : `Write ${a.fn}(stage.field), and compute what is more in a node before this one.`,
  }),
  PATTERN_ABSENCE_FIRST: (a: { readonly stage: string }): Words => ({
    message: `The pattern begins with ${quote(a.stage)}, which must not come; there is nothing from which on it would have to be missing.`,
    fix: "Begin with an event that comes.",
  }),
  PATTERN_ABSENCE_LAST: (a: { readonly stage: string }): Words => ({
    message: `The pattern ends with ${quote(a.stage)}, which must not come, but nothing says how long to wait for that.`,
    fix: 'Set "Within", or "Within of the event before" of the stage.',
  }),
  PATTERN_ABSENCE_REPEATED: (a: { readonly stage: string }): Words => ({
    message: `${quote(a.stage)} must not come at all, so that it cannot be repeated, optional or ended by a condition.`,
    fix: "Take the repetition and the end condition away.",
  }),
  PATTERN_ABSENCE_AFTER_OPTIONAL: (a: { readonly stage: string; readonly before: string }): Words => ({
    message: `${quote(a.stage)} must not come after ${quote(a.before)}, which is optional: where that is left out, it is not clear from when on.`,
    fix: `Make ${quote(a.before)} required, or put the absence elsewhere.`,
  }),
  PATTERN_TIMES: (a: { readonly stage: string; readonly min: number; readonly max: number }): Words => ({
    message: `${quote(a.stage)} is to come at least ${a.min} times, but at most ${a.max} times.`,
    fix: "Exchange the two.",
  }),
  PATTERN_UNTIL: (a: { readonly stage: string; readonly max: number }): Words => ({
    message: `${quote(a.stage)} comes at most ${a.max} times; only a repetition without end can be ended by a condition.`,
    fix: "Take the upper limit or the condition away.",
  }),
  PATTERN_SKIP_STAGE: (a: { readonly stage: string; readonly stages: readonly string[] }): Words => ({
    message: `After a match the search goes on at ${quote(a.stage)}, which is no stage that takes events; there are ${some(a.stages)}.`,
    fix: "Choose one of them.",
  }),
  PATTERN_HELD_BACK: (a: { readonly stage: string }): Words => ({
    message: `${quote(a.stage)} may go on without end, and a match is held back while an earlier one may still complete: with this way to skip nothing might ever come out.`,
    fix: 'Set "Within", or keep all matches.',
  }),
  PATTERN_WITHOUT_WITHIN: (a: { readonly stage: string }): Words => ({
    message: `Nothing says how long to wait for ${quote(a.stage)}: what has begun and is never completed stays in memory.`,
    fix: 'Set "Within".',
  }),
  // --- running ------------------------------------------------------------------------------
  CONNECTOR_UNKNOWN: (a: { readonly connector: string }): Words => ({
    message: `This host has no connector called "${a.connector}".`,
    fix: "Run the pipeline where the connector is installed, or choose another node.",
  }),
  CHECKPOINT_DAMAGED: (a: { readonly checkpoint: number; readonly part: string; readonly damage: string }): Words => ({
    message: `Checkpoint ${a.checkpoint} cannot be used, in ${a.part}: ${a.damage}`,
    fix: 'Restore the checkpoint store from a backup, or deploy again with "start empty".',
  }),
  CHECKPOINT_STORE_UNAVAILABLE: (a: { readonly reason: string }): Words => ({
    message: `The checkpoint store does not answer: ${a.reason}`,
    fix: "Check that it is running and reachable; the pipeline goes on from its last checkpoint.",
  }),
  SINK_AHEAD: (a: { readonly sinkCheckpoint: number; readonly storeCheckpoint: number }): Words => ({
    message: `The sink holds the records of checkpoint ${a.sinkCheckpoint}, but the newest checkpoint in the store is ${a.storeCheckpoint}: going on would write records twice.`,
    fix: 'Restore the checkpoint store from a backup, or deploy again with "start empty" to say that repeated records are acceptable.',
  }),
  TIME_MISSING: (a: { readonly field: string }): Words => ({
    message: `A record has no time: its field ${a.field} is NULL, and this source is set to fail then.`,
    fix: "Set the source to drop records without a time, or mend the data.",
  }),
  OPERATOR_FAILED: (a: { readonly operator: string; readonly reason: string }): Words => ({
    message: `The operator ${a.operator} failed: ${a.reason}`,
  }),
  SINK_FAILED: (a: { readonly reason: string }): Words => ({ message: `The sink failed: ${a.reason}` }),
  SOURCE_FAILED: (a: { readonly reason: string }): Words => ({ message: `The source failed: ${a.reason}` }),

  // --- expressions and templates ------------------------------------------------------------
  EXPRESSION_EMPTY: (_: object): Words => ({
    message: "There is no expression here.",
    fix: "Write a condition or a value, such as amount > 100.",
  }),
  EXPRESSION_TOO_LONG: (a: { readonly length: number; readonly limit: number }): Words => ({
    message: `The expression is ${a.length} characters long; the limit is ${a.limit}.`,
    fix: "Split it over several fields computed one after the other.",
  }),
  EXPRESSION_TOO_DEEP: (a: { readonly limit: number }): Words => ({
    message: `The expression is nested more than ${a.limit} levels deep here.`,
    fix: "Compute the inner part as a field of its own first.",
  }),
  EXPRESSION_SYNTAX: (a: { readonly found: string; readonly expected: string }): Words => ({
    message: `Expected ${a.expected}, found ${a.found}.`,
  }),
  EXPRESSION_UNTERMINATED: (a: { readonly what: string; readonly close: string }): Words => ({
    message: `The ${a.what} that starts here is never closed.`,
    fix: `Close it with ${a.close}.`,
  }),
  EXPRESSION_CHARACTER: (a: { readonly character: string; readonly hint: string }): Words => ({
    message: `${a.character} has no meaning in an expression.`,
    fix: a.hint,
  }),
  EXPRESSION_NUMBER: (a: { readonly text: string; readonly reason: string; readonly fix: string }): Words => ({
    message: `${a.text} ${a.reason}.`,
    fix: a.fix,
  }),
  EXPRESSION_LITERAL: (a: { readonly what: string; readonly text: string; readonly form: string }): Words => ({
    message: `'${a.text}' is no ${a.what}.`,
    fix: `Write it as ${a.form}.`,
  }),
  EXPRESSION_METHOD_CALL: (a: { readonly name: string }): Words => ({
    message: `Values have no methods: ${a.name} cannot be called here.`,
    fix: "Call a function by its bare name, with the value as an argument: UPPER(name).",
  }),
  IDENTIFIER_NOT_NORMAL: (a: { readonly name: string; readonly normal: string }): Words => ({
    message: `The name ${a.name} contains characters that only look like others; its normal form (NFKC) is ${a.normal}.`,
    fix: "Type the name again, or choose the field from the list.",
  }),
  UNKNOWN_FIELD: (a: { readonly name: string; readonly nearest: string | null; readonly available: readonly string[] }): Words => ({
    message: `There is no field ${a.name} here${fieldList(a.available)}.`,
    fix:
      a.nearest === null
        ? "Choose one of the fields of the incoming records."
        : a.nearest.toLowerCase() === a.name.toLowerCase()
          ? `Upper and lower case differ: write ${a.nearest}.`
          : `Did you mean ${a.nearest}?`,
  }),
  UNKNOWN_MEMBER: (a: {
    readonly name: string;
    readonly base: string;
    readonly nearest: string | null;
    readonly available: readonly string[];
  }): Words => ({
    message: `${a.base} has no member ${a.name}${fieldList(a.available)}.`,
    ...(a.nearest === null ? {} : { fix: `Did you mean ${a.nearest}?` }),
  }),
  EXPRESSION_NO_MEMBERS: (a: { readonly name: string; readonly type: string }): Words => ({
    message: `A value of type ${a.type} has no member ${a.name}; only row and json values have members.`,
  }),
  EXPRESSION_NO_ELEMENTS: (a: { readonly type: string; readonly index: string }): Words => ({
    message: `A value of type ${a.type} has no element [${a.index}]; only array and json values are indexed, from 1 on.`,
  }),
  UNKNOWN_FUNCTION: (a: { readonly name: string; readonly nearest: string | null }): Words => ({
    message: `There is no function ${a.name}.`,
    ...(a.nearest === null ? {} : { fix: `Did you mean ${a.nearest}?` }),
  }),
  FUNCTION_WITHOUT_CALL: (a: { readonly name: string }): Words => ({
    message: `${a.name} is a function, not a field.`,
    fix: `Call it: ${a.name}(…).`,
  }),
  EXPRESSION_AGGREGATE: (a: { readonly name: string }): Words => ({
    message: `${a.name} aggregates many records; an expression sees one record at a time.`,
    fix: "Use a window node and choose the aggregate there.",
  }),
  FUNCTION_ARGUMENTS: (a: {
    readonly name: string;
    readonly given: string;
    readonly signatures: readonly string[];
    readonly cast: string | null;
  }): Words => ({
    message: `${a.name} does not take (${a.given}); it takes ${a.signatures.join(" or ")}.`,
    ...(a.cast === null ? {} : { fix: `Convert the argument: ${a.cast}.` }),
  }),
  OPERATOR_TYPES: (a: { readonly operator: string; readonly types: readonly string[]; readonly fix: string }): Words => ({
    message: `${a.operator} does not work on ${a.types.join(" and ")}.`,
    fix: a.fix,
  }),
  EXPRESSION_CONDITION: (a: { readonly where: string; readonly type: string }): Words => ({
    message: `${a.where} needs a boolean, but this is of type ${a.type}.`,
    fix: "Compare the value with something, as in amount > 0, or write IS NOT NULL behind it.",
  }),
  EXPRESSION_BRANCHES: (a: { readonly where: string; readonly first: string; readonly other: string }): Words => ({
    message: `All values of ${a.where} must have one type, but one is ${a.first} and this one is ${a.other}.`,
    fix: `Convert this one with CAST(… AS ${a.first.toUpperCase()}), or the first.`,
  }),
  EXPRESSION_RESULT: (a: { readonly expected: string; readonly actual: string; readonly fix: string }): Words => ({
    message: `The expression must give a ${a.expected}, but it gives ${a.actual}.`,
    fix: a.fix,
  }),
  CAST_UNSUPPORTED: (a: { readonly from: string; readonly to: string; readonly instead: string }): Words => ({
    message: `A ${a.from} cannot be cast to ${a.to}.`,
    fix: a.instead,
  }),
  EXPRESSION_TYPE_NAME: (a: { readonly name: string; readonly instead: string }): Words => ({
    message: `${a.name} is no type to cast to.`,
    fix: a.instead,
  }),
  EXPRESSION_NOT_DETERMINISTIC: (a: { readonly name: string }): Words => ({
    message: `${a.name} would give another value at every run, so that results could not be repeated after a restart.`,
    fix: "Use a time or an id that the records carry.",
  }),
  EXPRESSION_ALWAYS_NULL: (a: { readonly operator: string }): Words => ({
    message: `${a.operator} with NULL is always NULL, never TRUE.`,
    fix: "Write IS NULL or IS NOT NULL.",
  }),
  REGEX_UNSUPPORTED: (a: { readonly construct: string; readonly text: string }): Words => ({
    message: `Patterns cannot use a ${a.construct}: ${a.text}. They run in linear time (RE2).`,
    fix: "Write the pattern without it, or combine two conditions with AND.",
  }),
  REGEX_INVALID: (a: { readonly pattern: string; readonly reason: string }): Words => ({
    message: `'${a.pattern}' is no regular expression: ${a.reason}.`,
  }),
  JSON_PATH_INVALID: (a: { readonly path: string }): Words => ({
    message: `'${a.path}' is no JSON path.`,
    fix: "Write it as '$.order.items[0].name'; indexes count from 0.",
  }),
  DATE_FORMAT_INVALID: (a: { readonly format: string; readonly letter: string }): Words => ({
    message: `The date format '${a.format}' uses ${a.letter}, which is not known.`,
    fix: "Use y, M, d, H, h, m, s, S, a, E and D, and put other text in ''quotes''.",
  }),
  TIME_UNIT_UNKNOWN: (a: { readonly unit: string; readonly known: readonly string[] }): Words => ({
    message: `${a.unit} is no unit of time here; known are ${a.known.join(", ")}.`,
  }),
  LIKE_ESCAPE: (a: { readonly escape: string }): Words => ({
    message: `ESCAPE takes a single character, not '${a.escape}'.`,
  }),
  ARGUMENT_NOT_LITERAL: (a: { readonly name: string; readonly parameter: string }): Words => ({
    message: `The ${a.parameter} of ${a.name} must be written out as a literal.`,
  }),
  TEMPLATE_BRACE: (_: object): Words => ({
    message: "This } closes no hole.",
    fix: "Write }} for a brace in the text.",
  }),
  TEMPLATE_HOLE_OPEN: (_: object): Words => ({
    message: "The hole that starts here is never closed.",
    fix: "Close it with }, or write {{ for a brace in the text.",
  }),
  TEMPLATE_TOO_LONG: (a: { readonly length: number; readonly limit: number }): Words => ({
    message: `The template is ${a.length} characters long as an expression; the limit is ${a.limit}.`,
    fix: "Shorten the text, or compute parts of it as fields first.",
  }),
} satisfies Record<string, (args: never) => Words>;

export type DiagnosticCode = keyof typeof messages;
export type MessageArguments<C extends DiagnosticCode> = Parameters<(typeof messages)[C]>[0];

function fieldList(names: readonly string[]): string {
  if (names.length === 0) return "";
  const shown = names.slice(0, 12).join(", ");
  return names.length > 12 ? `; there are ${shown} and ${names.length - 12} more` : `; there are ${shown}`;
}
