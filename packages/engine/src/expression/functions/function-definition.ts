import type { FieldType } from "../../types/field-type.ts";
import type { KernelBuilder, PredicateBuilder } from "../kernels/kernel-builder.ts";
import type { TypedExpression } from "../typed-expression.ts";

/** A call in a checked expression. */
export type TypedCall = Extract<TypedExpression, { readonly kind: "call" }>;

/**
 * A value as functions see it: boolean, number (bigint, double, ms), string, or what JSON can carry; null is NULL.
 * What a function cannot compute is null.
 */
export type ScalarFunction = (...args: never[]) => unknown;

/** How one overload of a function is evaluated. */
export interface Implementation {
  /** `propagate`: NULL as soon as an argument is NULL, `evaluate` is then not called. `see`: `evaluate` gets the NULLs. */
  readonly nulls: "propagate" | "see";
  /** One row at a time: the meaning. Pure; it never throws. */
  readonly evaluate: ScalarFunction;
  /** Over columns, where there is something faster than lifting `evaluate`; it must agree with it exactly. */
  readonly kernel?: KernelBuilder;
  /** Straight to a selection, for conditions. */
  readonly predicate?: PredicateBuilder;
}

/**
 * Type of a parameter: a type by its name, or
 * `T` any type (all T of a call are one type), `C` any type that can be compared (likewise one type),
 * and texts that are checked when they are literals: `regex`, `path` (a JSON path), `unit` (of time; must be a
 * literal), `format` (of dates), `escape` (one character; must be a literal).
 */
export type ParameterType =
  | "boolean"
  | "bigint"
  | "double"
  | "string"
  | "timestamp"
  | "interval"
  | "json"
  | "array"
  | "T"
  | "C"
  | "regex"
  | "path"
  | "unit"
  | "format"
  | "escape";

export interface Parameter {
  readonly name: string;
  readonly type: ParameterType;
}

/** One overload. */
export interface Signature extends Implementation {
  /** As it is shown: `(text string, start bigint) → string`; `any` where all such types are one. */
  readonly shape: string;
  readonly parameters: readonly Parameter[];
  /** The last parameter may be repeated. */
  readonly variadic: boolean;
  readonly result: ResultType;
}

/** `T` and `C`: the type that these stand for in the call. */
export type ResultType = "boolean" | "bigint" | "double" | "string" | "timestamp" | "interval" | "json" | "T" | "C";

export type FunctionGroup = "comparison and logic" | "maths" | "text" | "patterns" | "time" | "json" | "conditional" | "conversion";

/** An expression without fields and its value (timestamps and intervals as ms): shown in the docs and run as a test. */
export interface Example {
  readonly expression: string;
  readonly value: null | boolean | number | string;
}

export interface FunctionDefinition {
  /** Canonical name, as it stands in a typed expression: upper case, or the operator's symbol. */
  readonly name: string;
  readonly aliases: readonly string[];
  readonly group: FunctionGroup;
  readonly doc: string;
  /** How it is shown instead of `NAME(…)`, for what has a syntax of its own. */
  readonly syntax: string | null;
  readonly signatures: readonly Signature[];
  readonly examples: readonly Example[];
  /** Flink SQL for a call, where it is not `NAME(a, b)`; arguments are printed already. Null = as the language itself writes it. */
  readonly flink: ((args: readonly string[]) => string) | null;
  /** For what overloads cannot express (CASE, CAST, members): finds the implementation of a call. */
  readonly special: ((call: TypedCall) => Implementation) | null;
}

export interface DefinitionOptions {
  readonly aliases?: readonly string[];
  readonly syntax?: string;
  readonly flink?: (args: readonly string[]) => string;
  readonly special?: (call: TypedCall) => Implementation;
}

/** An entry of the functions table. Examples are written `[expression, value]`. */
export function define(
  group: FunctionGroup,
  name: string,
  doc: string,
  signatures: readonly Signature[],
  examples: readonly (readonly [string, Example["value"]])[],
  options: DefinitionOptions = {},
): FunctionDefinition {
  return {
    name,
    aliases: options.aliases ?? [],
    group,
    doc,
    syntax: options.syntax ?? null,
    signatures,
    examples: examples.map(([expression, value]) => ({ expression, value })),
    flink: options.flink ?? null,
    special: options.special ?? null,
  };
}

/**
 * An overload from its shape: `text string, start bigint -> string`; `...` behind the last type lets it repeat.
 * Throws on a malformed shape, which is a mistake in the table itself.
 */
export function signature(shape: string, evaluate: ScalarFunction, extra: Partial<Implementation> = {}): Signature {
  const [left, right] = shape.split("->").map((side) => side.trim());
  const variadic = left.endsWith("...");
  const list = variadic ? left.slice(0, -3) : left;
  const parameters = list === "" ? [] : list.split(",").map(parameterOf);
  const shownParameters = parameters.map(({ name, type }) => `${name} ${shownType(type)}`).join(", ");
  const shown = `(${shownParameters}${variadic ? ", …" : ""}) → ${shownType(right as ResultType)}`;
  return { nulls: "propagate", ...extra, evaluate, shape: shown, parameters, variadic, result: right as ResultType };
}

function shownType(type: ParameterType | ResultType): string {
  return type === "unit" ? "unit" : (fieldTypeOf(type)?.kind ?? "any");
}

function parameterOf(text: string): Parameter {
  const [name, type] = text.trim().split(" ");
  if (name === undefined || type === undefined) throw new Error(`malformed parameter '${text}'`);
  // The table's own tests call every overload, so that a misspelt type cannot stay unseen.
  return { name, type: type as ParameterType };
}

/** The type of field that a parameter type stands for; null for the type variables. */
export function fieldTypeOf(type: ParameterType | ResultType): FieldType | null {
  switch (type) {
    case "T":
    case "C":
      return null;
    case "regex":
    case "path":
    case "unit":
    case "format":
    case "escape":
      return { kind: "string" };
    case "array":
      return { kind: "array", of: { kind: "null" } };
    default:
      return { kind: type };
  }
}
