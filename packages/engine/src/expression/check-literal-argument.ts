import type { CheckContext } from "./check-context.ts";
import type { FunctionDefinition, Signature } from "./functions/function-definition.ts";
import { parameterAt } from "./functions/functions-table.ts";
import type { TypedExpression } from "./typed-expression.ts";
import { parseDateFormat } from "./values/date-format.ts";
import { parseJsonPath } from "./values/json-path.ts";
import { isSingleCharacter } from "./values/like-pattern.ts";
import { compileRegex } from "./values/regex-pattern.ts";
import { extractableUnits, roundingUnits } from "./values/time-units.ts";

/** Checks the texts that have a meaning of their own: patterns, paths, units and formats. False when one is wrong. */
export function checkLiteralArguments(
  context: CheckContext,
  definition: FunctionDefinition,
  signature: Signature,
  args: readonly TypedExpression[],
): boolean {
  const before = context.errors.length;
  args.forEach((arg, i) => {
    const parameter = parameterAt(signature, i);
    if (parameter === undefined) return;
    const mustBeLiteral = parameter.type === "unit" || parameter.type === "path" || parameter.type === "escape";
    if (arg.kind !== "literal") {
      if (mustBeLiteral) context.fail("ARGUMENT_NOT_LITERAL", { name: definition.name, parameter: parameter.name }, arg.span);
    } else if (typeof arg.value === "string") checkText(context, definition, parameter.type, arg.value, arg);
  });
  return context.errors.length === before;
}

function checkText(context: CheckContext, definition: FunctionDefinition, type: string, text: string, arg: TypedExpression): void {
  switch (type) {
    case "regex":
      checkRegex(context, text, arg);
      return;
    case "path":
      if (parseJsonPath(text) === null) context.fail("JSON_PATH_INVALID", { path: text }, arg.span);
      return;
    case "format": {
      const parsed = parseDateFormat(text);
      if ("unknown" in parsed) context.fail("DATE_FORMAT_INVALID", { format: text, letter: parsed.unknown }, arg.span);
      return;
    }
    case "unit": {
      const known = definition.name === "EXTRACT" ? extractableUnits : roundingUnits;
      if (!known.includes(text)) context.fail("TIME_UNIT_UNKNOWN", { unit: text, known }, arg.span);
      return;
    }
    case "escape":
      if (!isSingleCharacter(text)) context.fail("LIKE_ESCAPE", { escape: text }, arg.span);
  }
}

function checkRegex(context: CheckContext, pattern: string, arg: TypedExpression): void {
  const compiled = compileRegex(pattern);
  if (compiled.ok) return;
  const start = offsetInLiteral(context.text, arg.span.start, compiled.at);
  const end = offsetInLiteral(context.text, arg.span.start, compiled.at + compiled.length);
  if (compiled.unsupported === null) context.fail("REGEX_INVALID", { pattern, reason: compiled.reason }, { start, end });
  else context.fail("REGEX_UNSUPPORTED", { construct: compiled.unsupported, text: compiled.reason }, { start, end });
}

/** The offset in the source of character `index` of a text literal, where quotes are doubled. */
function offsetInLiteral(source: string, literalStart: number, index: number): number {
  let at = source.indexOf("'", literalStart) + 1;
  for (let left = index; left > 0; left--) at += source[at] === "'" ? 2 : 1;
  return at;
}
