import type { Words } from "../diagnostic.ts";

/** Words about expressions and templates. See `messages`. */
export const expressionMessages = {
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
  CAST_NARROWER: (a: { readonly written: string; readonly type: string; readonly kept: string; readonly instead: string }): Words => ({
    message: `${a.written} is ${a.type} here: ${a.kept} stay as they are.`,
    fix: a.instead,
  }),
  LIKE_PATTERN: (a: { readonly pattern: string; readonly escape: string }): Words => ({
    message: `LIKE '${a.pattern}' is always NULL: its escape ${a.escape} stands before something other than %, _ or ${a.escape}.`,
    fix: `Write ${a.escape}${a.escape} for the character itself.`,
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

function fieldList(names: readonly string[]): string {
  if (names.length === 0) return "";
  const shown = names.slice(0, 12).join(", ");
  return names.length > 12 ? `; there are ${shown} and ${names.length - 12} more` : `; there are ${shown}`;
}
