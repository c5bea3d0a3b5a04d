import { stringType } from "../types/field-type.ts";
import { quoteIdentifier } from "./flink-reserved-words.ts";
import type { TypedCall } from "./functions/function-definition.ts";
import { findFunction } from "./functions/functions-table.ts";
import { jsonPathOf, type PrintedPath } from "./print-json-path.ts";
import { type Dialect, printLiteral, printText, printType } from "./print-literal.ts";
import type { TypedExpression } from "./typed-expression.ts";

/** Text and how tightly its outermost operator binds: as in the parser, a larger number binds tighter. */
interface Printed {
  readonly text: string;
  readonly power: number;
}

const primary = 100;

/** Operators between two or more operands. */
const infix: ReadonlyMap<string, number> = new Map([
  ["OR", 22],
  ["AND", 24],
  ["=", 30],
  ["<>", 30],
  ["<", 30],
  ["<=", 30],
  [">", 30],
  [">=", 30],
  ["+", 40],
  ["-", 40],
  ["*", 60],
  ["/", 60],
  ["%", 60],
  ["||", 60],
]);

const postfix = new Set(["IS NULL", "IS NOT NULL", "IS TRUE", "IS NOT TRUE", "IS FALSE", "IS NOT FALSE"]);
const distinctness = new Set(["IS DISTINCT FROM", "IS NOT DISTINCT FROM"]);
const ranges = new Set(["BETWEEN", "IN", "LIKE"]);

/**
 * The expression as SQL text. In the `flink` dialect (which is used when none is given) it is what Flink SQL
 * reads with the same meaning, in a session whose time zone is UTC and where json fields are declared as STRING;
 * in the `millrace` dialect `checkExpression` makes the same expression of it again. Known differences in Flink:
 * whole numbers beyond ±2^53 stay exact, and double results that are not finite do not become NULL.
 */
export function printExpression(expression: TypedExpression, dialect: Dialect = "flink"): string {
  return print(expression, dialect).text;
}

function print(expression: TypedExpression, dialect: Dialect): Printed {
  switch (expression.kind) {
    case "literal":
      return { text: printLiteral(expression.type, expression.value, dialect), power: primary };
    case "field":
      return { text: quoteIdentifier(expression.name), power: primary };
    case "call":
      return dialect === "flink" ? printWithInts(expression) : printCall(expression, dialect);
  }
}

/** The text, in parentheses when it binds less tightly than its place needs. */
function at(expression: TypedExpression, power: number, dialect: Dialect): string {
  const printed = print(expression, dialect);
  return printed.power < power ? `(${printed.text})` : printed.text;
}

function list(args: readonly TypedExpression[], dialect: Dialect): string {
  return args.map((arg) => at(arg, 0, dialect)).join(", ");
}

function printCall(call: TypedCall, dialect: Dialect): Printed {
  const { name, args } = call;
  const power = infix.get(name);
  if (power !== undefined) return printInfix(call, power, dialect);
  if (postfix.has(name)) return { text: `${at(args[0], 28, dialect)} ${name}`, power: 28 };
  if (distinctness.has(name)) return { text: `${at(args[0], 28, dialect)} ${name} ${at(args[1], 31, dialect)}`, power: 28 };
  if (name === "NOT") return printNot(args[0], dialect);
  if (ranges.has(name)) return printRange(call, "", dialect);
  return { text: printForm(call, dialect) ?? `${name}(${list(args, dialect)})`, power: primary };
}

/** The left operand may bind as tightly as the operator, except in chains, which are one call. */
function printInfix({ name, args, type }: TypedCall, power: number, dialect: Dialect): Printed {
  const chain = name === "AND" || name === "OR" || name === "||";
  const text = args.map((arg, i) => at(arg, i === 0 && !chain ? power : power + 1, dialect)).join(` ${name} `);
  if (args.length === 1) return { text: `(${text})`, power: primary };
  const difference = name === "-" && type.kind === "interval" && args[0].type.kind === "timestamp";
  return difference && dialect === "flink" ? { text: `(${text}) SECOND`, power: primary } : { text, power };
}

function printNot(inner: TypedExpression, dialect: Dialect): Printed {
  if (inner.kind === "call" && ranges.has(inner.name)) return printRange(inner, "NOT ", dialect);
  return { text: `NOT ${at(inner, 26, dialect)}`, power: 26 };
}

function printRange({ name, args }: TypedCall, not: string, dialect: Dialect): Printed {
  const [value, second, third] = name === "LIKE" && dialect === "flink" ? likeForFlink(args) : args;
  const left = `${at(value, 33, dialect)} ${not}${name}`;
  if (name === "IN") return { text: `${left} (${list(args.slice(1), dialect)})`, power: 32 };
  const right = at(second, 33, dialect);
  if (name === "BETWEEN") return { text: `${left} ${right} AND ${at(third, 33, dialect)}`, power: 32 };
  return { text: third === undefined ? `${left} ${right}` : `${left} ${right} ESCAPE ${at(third, 33, dialect)}`, power: 32 };
}

function unitOf(argument: TypedExpression): string {
  return argument.kind === "literal" ? String(argument.value) : "";
}

/** What has a syntax of its own; null for plain calls. */
function printForm(call: TypedCall, dialect: Dialect): string | null {
  const { name, args, type } = call;
  const arg = (index: number): string => at(args[index], 0, dialect);
  switch (name) {
    case "NEGATE":
      return `-(${arg(0)})`;
    case "CAST":
      return `CAST(${arg(0)} AS ${printType(type) ?? type.kind})`;
    case "CASE":
    case "CASE_OF":
      return printCase(call, dialect);
    case ".":
      return `${at(args[0], primary, dialect)}.${quoteIdentifier(unitOf(args[1]))}`;
    case "[]":
      return `${at(args[0], primary, dialect)}[${arg(1)}]`;
    case "EXTRACT":
      return `EXTRACT(${unitOf(args[0])} FROM ${arg(1)})`;
    case "FLOOR":
    case "CEIL":
      // Flink takes the TO behind a sum for that of an interval at its end.
      return args.length === 2 ? `${name}(${dialect === "flink" ? at(args[0], 41, dialect) : arg(0)} TO ${unitOf(args[1])})` : null;
    case "TIMESTAMPADD":
    case "TIMESTAMPDIFF":
      return `${name}(${unitOf(args[0])}, ${arg(1)}, ${arg(2)})`;
    case "POSITION":
      return `POSITION(${at(args[0], 33, dialect)} IN ${arg(1)})`;
    case "TRIM":
    case "LTRIM":
    case "RTRIM":
      return args.length === 2 ? `TRIM(${sides[name]} ${arg(1)} FROM ${arg(0)})` : null;
    default:
      return null;
  }
}

const sides = { TRIM: "BOTH", LTRIM: "LEADING", RTRIM: "TRAILING" };

function printCase({ name, args }: TypedCall, dialect: Dialect): string {
  const first = name === "CASE" ? 0 : 1;
  let text = first === 0 ? "CASE" : `CASE ${at(args[0], 0, dialect)}`;
  for (let k = first; k + 1 < args.length; k += 2) text += ` WHEN ${at(args[k], 0, dialect)} THEN ${at(args[k + 1], 0, dialect)}`;
  return `${text} ELSE ${at(args[args.length - 1], 0, dialect)} END`;
}

/** Counts and positions, which are BIGINT here and INT in Flink, by the names of parameters. */
const intParameters = new Set(["start", "length", "count", "group", "index", "decimals", "precision"]);
/** A call of print alone: its argument as INT. */
const narrowing = "INT";

function printWithInts(call: TypedCall): Printed {
  const definition = findFunction(call.name);
  const isInt = (i: number): boolean =>
    call.name === "[]"
      ? i === 1
      : !infix.has(call.name) && (definition?.signatures.some(({ parameters }) => intParameters.has(parameters[i]?.name)) ?? false);
  const args = call.args.map((arg, i): TypedExpression => {
    if (arg.kind === "literal" || arg.type.kind !== "bigint" || !isInt(i)) return arg;
    return { kind: "call", name: narrowing, type: arg.type, args: [arg], span: arg.span };
  });
  const narrowed = { ...call, args };
  return printForFlink(narrowed) ?? printCall(narrowed, "flink");
}

const pathFunctions = new Set(["JSON_VALUE", "JSON_QUERY", "JSON_EXISTS"]);

/** What Flink writes differently; null where it does not. */
function printForFlink(call: TypedCall): Printed | null {
  const { name, args, type } = call;
  if (pathFunctions.has(name)) {
    const found = jsonPathOf(args[0], unitOf(args[1]));
    return found === null ? null : form(`${name}(${pathArguments(found)})`);
  }
  if (name === narrowing) return form(`CAST(${at(args[0], 0, "flink")} AS INT)`);
  if (name === "CAST") return printCastForFlink(call);
  if ((name === "." || name === "[]") && type.kind === "json") return printJsonForFlink(call);
  if (name === "/" || name === "%") return printDivisionForFlink(call);
  const flink = findFunction(name)?.flink;
  return flink === undefined || flink === null ? null : form(flink(args.map((arg) => at(arg, 33, "flink"))));
}

function form(text: string): Printed {
  return { text, power: primary };
}

function pathArguments({ base, path }: PrintedPath): string {
  return `${at(base, 0, "flink")}, ${printText(path)}`;
}

/** What may stand for an escape where a pattern does not have it. */
const escapes = ["!", "#", "^", "~", "$", "@"];

/** In Flink a backslash escapes where nothing else is said to: the arguments of LIKE with something else where that matters. */
function likeForFlink(args: readonly TypedExpression[]): readonly TypedExpression[] {
  const [value, pattern, escaping] = args;
  if (escaping !== undefined || pattern.kind !== "literal" || !String(pattern.value).includes("\\")) return args;
  const unused = escapes.find((sign) => !String(pattern.value).includes(sign));
  if (unused === undefined) return args;
  return [value, pattern, { kind: "literal", type: stringType, value: unused, span: pattern.span }];
}

/** Where a conversion may fail it is TRY_CAST, which gives NULL; Flink's CAST would end the job. */
function printCastForFlink({ args, type }: TypedCall): Printed {
  const [value] = args;
  if (value.type.kind === "json" && type.kind === "string") return print(value, "flink");
  const mayFail = value.type.kind === "string" || value.type.kind === "json";
  const found = value.type.kind === "json" ? jsonPathOf(value) : null;
  const text = found === null || found.path === "$" ? at(value, 0, "flink") : `JSON_VALUE(${pathArguments(found)})`;
  return form(`${mayFail ? "TRY_CAST" : "CAST"}(${text} AS ${printType(type) ?? type.kind})`);
}

/** In Flink json is a text: of the scalar, else of the object or array, at a path. What is no field is not written twice. */
function printJsonForFlink(call: TypedCall): Printed | null {
  const found = jsonPathOf(call);
  if (found === null) return null;
  const from = pathArguments(found);
  return form(found.base.kind === "field" ? `COALESCE(JSON_VALUE(${from}), JSON_QUERY(${from}))` : `JSON_VALUE(${from})`);
}

/** Division by zero is NULL; in Flink it would end the job, or be infinite. */
function printDivisionForFlink({ name, args, type }: TypedCall): Printed {
  const [left, right] = args;
  const divides = right.kind === "call" && right.name === "CAST" && right.type.kind === "double" ? right.args[0] : right;
  const isSafe = divides.kind === "literal" && typeof divides.value === "number" && divides.value !== 0;
  const divisor = isSafe ? at(right, 61, "flink") : `NULLIF(${at(right, 0, "flink")}, ${type.kind === "double" ? "0.0E0" : "0"})`;
  return { text: `${at(left, 60, "flink")} ${name} ${divisor}`, power: 60 };
}
