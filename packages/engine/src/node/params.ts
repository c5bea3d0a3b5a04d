import { z } from "zod";
import type { StageContiguity, StageTimes } from "../plan/pattern-operator.ts";
import { parseDuration } from "../types/duration.ts";
import type { Field, FieldType } from "../types/field-type.ts";
import type { JsonValue } from "../types/json-value.ts";
import type { ConnectionService, ParamKind, ParamMeta, ParamText } from "./param-kind.ts";

// zod would compile parsers with `new Function`, which a strict content security policy forbids and reports.
z.config({ jitless: true });

/**
 * Functions that make the parameters of a node. Each returns a zod schema (input: what pipeline JSON holds;
 * output: what `lower` gets) and registers what the inspector and the checker need to know about it.
 * A parameter without `default` is required: a node without it is unfinished.
 */
const registry = new WeakMap<z.ZodType, RegisteredParam>();

/** What is known of a parameter: its kind, its words, and its default as JSON (undefined = required). */
export interface RegisteredParam extends ParamMeta {
  readonly default: JsonValue | undefined;
}

/** Kind, words and JSON default of a parameter made here; undefined for any other schema. */
export function paramMeta(schema: z.ZodType): RegisteredParam | undefined {
  return registry.get(schema);
}

/** Members of an object schema made by `params` or `group`, in order; undefined for anything else. */
export function paramShape(schema: z.ZodType): Readonly<Record<string, z.ZodType>> | undefined {
  const inner = withoutDefault(schema);
  return inner instanceof z.ZodObject ? (inner.shape as Record<string, z.ZodType>) : undefined;
}

/** The schema under its default, under `nullable` and under `optional`. */
export function withoutDefault(schema: z.ZodType): z.ZodType {
  let inner: z.ZodType = schema;
  while (
    inner instanceof z.ZodPrefault ||
    inner instanceof z.ZodDefault ||
    inner instanceof z.ZodNullable ||
    inner instanceof z.ZodOptional
  ) {
    inner = inner.unwrap() as z.ZodType;
  }
  return inner;
}

type Options<T> = ParamText & { readonly default?: T };

function make<S extends z.ZodType>(schema: S, kind: ParamKind, options: Options<JsonValue>): S {
  const { default: value, ...text } = options;
  const plain: z.ZodType = schema;
  const withDefault = value === undefined ? schema : (plain.prefault(value as never) as unknown as S);
  if (registry.has(withDefault)) throw new Error(`the parameters "${registry.get(withDefault)?.label}" and "${text.label}" share a schema`);
  registry.set(withDefault, { ...text, param: kind, default: value });
  return withDefault;
}

/** The object of all parameters of a node; unknown members are refused. */
export function params<T extends z.core.$ZodLooseShape>(shape: T): z.ZodObject<T, z.core.$strict> {
  return z.strictObject(shape);
}

/** A titled group of parameters. */
export function group<T extends z.core.$ZodLooseShape>(options: ParamText, shape: T): z.ZodObject<T, z.core.$strict> {
  return make(z.strictObject(shape).prefault({} as never) as unknown as z.ZodObject<T, z.core.$strict>, { kind: "group" }, options);
}

export function text(
  options: Options<string> & { readonly multiline?: boolean; readonly placeholder?: string; readonly maxLength?: number },
): z.ZodType<string, string> {
  const { multiline = false, placeholder = "", maxLength = 4096, ...rest } = options;
  return make(z.string().max(maxLength), { kind: "text", multiline, placeholder }, rest);
}

export function number(
  options: Options<number> & { readonly min?: number; readonly max?: number; readonly integer?: boolean; readonly unit?: string },
): z.ZodType<number, number> {
  const { min, max, integer = false, unit, ...rest } = options;
  let schema = integer ? z.int() : z.number();
  if (min !== undefined) schema = schema.min(min);
  if (max !== undefined) schema = schema.max(max);
  const limits = { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }), ...(unit === undefined ? {} : { unit }) };
  return make(schema, { kind: "number", ...limits, ...(integer ? { step: 1 } : {}) }, rest);
}

export function toggle(options: Options<boolean>): z.ZodType<boolean, boolean> {
  return make(z.boolean(), { kind: "toggle" }, options);
}

/** One of several words. */
export function choice<const T extends string>(
  options: Options<T> & { readonly options: readonly { readonly value: T; readonly label: string; readonly help?: string }[] },
): z.ZodType<T, T> {
  const { options: choices, ...rest } = options;
  const schema = z.enum(choices.map((c) => c.value) as [T, ...T[]]);
  return make(schema as unknown as z.ZodType<T, T>, { kind: "choice", options: choices }, rest);
}

/** In JSON `5m`; in `lower` milliseconds. */
export function duration(options: Options<string> & { readonly minMs?: number; readonly maxMs?: number }): z.ZodType<number, string> {
  const { minMs = 0, maxMs = 366 * 86_400_000, ...rest } = options;
  const schema = z.string().transform((value, ctx) => {
    const ms = parseDuration(value);
    if (ms !== null && ms >= minMs && ms <= maxMs) return ms;
    ctx.issues.push({ code: "custom", input: value, params: { duration: true, minMs, maxMs } });
    return z.NEVER;
  });
  return make(schema, { kind: "duration", minMs, maxMs }, rest);
}

/** A duration that may be left out: null in JSON and in `lower`, and by default. */
export function optionalDuration(
  options: ParamText & { readonly minMs?: number; readonly maxMs?: number; readonly default?: string | null },
): z.ZodType<number | null, string | null> {
  const { minMs = 0, maxMs = 366 * 86_400_000, default: value = null, ...rest } = options;
  const schema = z
    .string()
    .nullable()
    .transform((value, ctx) => {
      if (value === null) return null;
      const ms = parseDuration(value);
      if (ms !== null && ms >= minMs && ms <= maxMs) return ms;
      ctx.issues.push({ code: "custom", input: value, params: { duration: true, minMs, maxMs } });
      return z.NEVER;
    });
  return make(schema, { kind: "duration", minMs, maxMs }, { ...rest, default: value });
}

/** A field of the input `port` (default `in`). */
export function field(
  options: Options<string> & { readonly port?: string; readonly types?: readonly FieldType["kind"][] },
): z.ZodType<string, string> {
  const { port = "in", types, ...rest } = options;
  return make(z.string().min(1).max(256), { kind: "field", port, ...(types === undefined ? {} : { types }) }, rest);
}

/** Fields of the input `port`, in order, without repeats. */
export function fields(
  options: Options<readonly string[]> & { readonly port?: string; readonly min?: number },
): z.ZodType<string[], string[]> {
  const { port = "in", min = 0, ...rest } = options;
  const schema = z.array(z.string().min(1).max(256)).min(min).max(64);
  return make(schema, { kind: "fields", port }, rest as Options<JsonValue>);
}

/** One field of an order as pipeline JSON holds it. */
export interface OrderParam {
  field: string;
  descending?: boolean | undefined;
}

/** An order by fields of the input `port`, the first of them first. */
export function order(options: Options<readonly OrderParam[]> & { readonly port?: string }): z.ZodType<OrderParam[], OrderParam[]> {
  const { port = "in", ...rest } = options;
  const schema = z.array(z.strictObject({ field: z.string().min(1).max(256), descending: z.boolean().optional() })).max(16);
  return make(schema, { kind: "order", port }, rest as unknown as Options<JsonValue>);
}

/** A schema of its own for each parameter: what is known of a parameter hangs on the identity of its schema. */
const expressionText = () => z.string().trim().min(1).max(4096);

/** A SQL scalar expression over the fields of the input `port`. */
export function expression(
  options: Options<string> & { readonly port?: string; readonly result?: "boolean" | "numeric" | "string" | "timestamp" },
): z.ZodType<string, string> {
  const { port = "in", result, ...rest } = options;
  return make(expressionText(), { kind: "expression", port, ...(result === undefined ? {} : { result }) }, rest);
}

/** An expression that may be left out: null. */
export function optionalExpression(
  options: ParamText & { readonly port?: string; readonly result?: "boolean" | "numeric" | "string" | "timestamp" },
): z.ZodType<string | null, string | null> {
  const { port = "in", result, ...rest } = options;
  return make(
    expressionText().nullable(),
    { kind: "expression", port, ...(result === undefined ? {} : { result }) },
    { ...rest, default: null },
  );
}

/** Text with `{expression}` holes. */
export function template(options: Options<string> & { readonly port?: string }): z.ZodType<string, string> {
  const { port = "in", ...rest } = options;
  return make(z.string().min(1).max(4096), { kind: "template", port }, rest);
}

const fieldName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/);

/** New fields by expression. */
export function namedExpressions(
  options: Options<readonly { name: string; value: string }[]> & {
    readonly port?: string;
    readonly min?: number;
    readonly stages?: string;
  },
): z.ZodType<{ name: string; value: string }[], { name: string; value: string }[]> {
  const { port = "in", min = 1, stages, ...rest } = options;
  const schema = z
    .array(z.strictObject({ name: fieldName, value: expressionText() }))
    .min(min)
    .max(256);
  const kind: ParamKind = { kind: "named-expressions", port, ...(stages === undefined ? {} : { stages }) };
  return make(schema, kind, rest as Options<JsonValue>);
}

/** Named conditions; the names become ports. */
export function conditions(
  options: Options<readonly { name: string; where: string }[]> & { readonly port?: string },
): z.ZodType<{ name: string; where: string }[], { name: string; where: string }[]> {
  const { port = "in", ...rest } = options;
  const schema = z
    .array(z.strictObject({ name: z.string().regex(/^[a-z][a-z0-9_]{0,62}$/), where: expressionText() }))
    .min(1)
    .max(16);
  return make(schema, { kind: "conditions", port }, rest as Options<JsonValue>);
}

/** One aggregate as pipeline JSON holds it. */
export interface AggregateParam {
  as: string;
  fn: string;
  argument?: string | undefined;
  filter?: string | undefined;
  fraction?: number | undefined;
  limit?: number | undefined;
  separator?: string | undefined;
}

/** Aggregates over a window or a group. `functions` are the allowed ones. */
export function aggregates<const F extends string>(
  options: Options<
    readonly { as: string; fn: F; argument?: string; filter?: string; fraction?: number; limit?: number; separator?: string }[]
  > & {
    readonly port?: string;
    readonly functions: readonly F[];
  },
): z.ZodType<(AggregateParam & { fn: F })[], (AggregateParam & { fn: F })[]> {
  const { port = "in", functions, ...rest } = options;
  const schema = z
    .array(
      z.strictObject({
        as: fieldName,
        fn: z.enum(functions as unknown as [F, ...F[]]),
        argument: expressionText().optional(),
        filter: expressionText().optional(),
        fraction: z.number().min(0).max(1).optional(),
        limit: z.int().min(1).max(10_000).optional(),
        separator: z.string().max(64).optional(),
      }),
    )
    .min(1)
    .max(64);
  return make(
    schema as unknown as z.ZodType<(AggregateParam & { fn: F })[], (AggregateParam & { fn: F })[]>,
    { kind: "aggregates", port, functions },
    rest as Options<JsonValue>,
  );
}

/** One stage of an event pattern as pipeline JSON holds it; `lower` is given `withinPrevious` in ms. */
export interface PatternStageParam<Duration = string> {
  name: string;
  /** How it follows the stage before it; default `followedBy`. Of the first stage it is not read. */
  contiguity?: StageContiguity | undefined;
  /** Left out: any event. */
  where?: string | undefined;
  /** Left out: once. `max` null: without end. */
  times?:
    | {
        min: number;
        max: number | null;
        optional?: boolean | undefined;
        greedy?: boolean | undefined;
        inner?: StageTimes["inner"] | undefined;
      }
    | undefined;
  until?: string | undefined;
  withinPrevious?: Duration | undefined;
  /** The stages of a group, which come as often as it does; a group has neither `where` nor `withinPrevious`. */
  group?: PatternStageParam<Duration>[] | undefined;
}

/** How deeply groups of stages may be nested. */
export const maxGroupDepth = 3;

/** The stages of an event pattern, in order. */
export function patternStages(
  options: Options<readonly PatternStageParam[]> & { readonly port?: string },
): z.ZodType<PatternStageParam<number>[], PatternStageParam[]> {
  const { port = "in", ...rest } = options;
  return make(stageList(maxGroupDepth), { kind: "pattern-stages", port }, rest as unknown as Options<JsonValue>);
}

/** Stages with groups that are nested so deeply; the depth has an end so that the JSON schema of documents needs no references. */
function stageList(depth: number): z.ZodType<PatternStageParam<number>[], PatternStageParam[]> {
  const times = z.strictObject({
    min: z.int().min(1).max(100),
    max: z.int().min(1).max(100).nullable(),
    optional: z.boolean().optional(),
    greedy: z.boolean().optional(),
    inner: z.enum(["relaxed", "consecutive", "allowCombinations"]).optional(),
  });
  const leaf = {
    name: fieldName,
    contiguity: z.enum(["next", "followedBy", "followedByAny", "notNext", "notFollowedBy"]).optional(),
    where: expressionText().optional(),
    times: times.optional(),
    until: expressionText().optional(),
    withinPrevious: duration({ label: "Within of the event before", minMs: 1 }).optional(),
  };
  const stage = depth === 0 ? z.strictObject(leaf) : z.strictObject({ ...leaf, group: stageList(depth - 1).optional() });
  return z.array(stage).min(1).max(16);
}

/** Types that a source schema may declare. */
export const declarableTypes = ["string", "bigint", "double", "boolean", "timestamp", "json"] as const;

/** The fields that a source's records hold. */
export function schema(
  options: Options<readonly { name: string; type: (typeof declarableTypes)[number] }[]>,
): z.ZodType<Field[], { name: string; type: (typeof declarableTypes)[number] }[]> {
  const list = z
    .array(z.strictObject({ name: z.string().min(1).max(128), type: z.enum(declarableTypes) }))
    .min(1)
    .max(512)
    .transform((entries): Field[] => entries.map((entry) => ({ name: entry.name, type: { kind: entry.type } })));
  return make(list, { kind: "schema" }, options as Options<JsonValue>);
}

/** One of the fields of this node's own schema; null = none. */
export function ownField(
  options: ParamText & { readonly default?: string | null; readonly types?: readonly FieldType["kind"][] },
): z.ZodType<string | null, string | null> {
  const { types, default: value = null, ...rest } = options;
  return make(z.string().min(1).nullable(), { kind: "own-field", ...(types === undefined ? {} : { types }) }, { ...rest, default: value });
}

/** An expression over the fields of this node's own schema; null = none. */
export function ownExpression(
  options: ParamText & { readonly types: readonly FieldType["kind"][] },
): z.ZodType<string | null, string | null> {
  const { types, ...rest } = options;
  return make(expressionText().nullable(), { kind: "own-expression", types }, { ...rest, default: null });
}

/** A path on the machine of the runtime. */
export function filePath(options: Options<string> & { readonly purpose: "read" | "write" }): z.ZodType<string, string> {
  const { purpose, ...rest } = options;
  return make(z.string().min(1).max(1024), { kind: "file-path", purpose }, rest);
}

/** An http or https address without credentials. */
export function url(options: Options<string>): z.ZodType<string, string> {
  const schema = z
    .string()
    .max(2048)
    .refine(
      (value) => {
        if (!URL.canParse(value) || /[\s\\]/.test(value)) return false;
        const parsed = new URL(value);
        return (parsed.protocol === "http:" || parsed.protocol === "https:") && parsed.username === "" && parsed.password === "";
      },
      { params: { url: true } },
    );
  return make(schema, { kind: "url" }, options);
}

/** Request headers; those that the client sets itself are refused. */
export function headers(options: Options<Readonly<Record<string, string>>>): z.ZodType<Record<string, string>, Record<string, string>> {
  const forbidden = new Set(["host", "content-length", "transfer-encoding", "cookie", "connection", "upgrade"]);
  const name = z
    .string()
    .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}$/)
    .refine((value) => !forbidden.has(value.toLowerCase()), { params: { header: true } });
  return make(
    z.record(
      name,
      z
        .string()
        .max(4096)
        .regex(/^[^\r\n\0]*$/),
    ),
    { kind: "headers" },
    options as Options<JsonValue>,
  );
}

/** The name of a secret, never its value; null = none. */
export function secret(options: ParamText): z.ZodType<string | null, string | null> {
  return make(
    z
      .string()
      .regex(/^[a-z][a-z0-9_-]{0,62}$/)
      .nullable(),
    { kind: "secret" },
    { ...options, default: null },
  );
}

/** The name of a connection that need not be. */
export function optionalConnection(options: ParamText & { readonly service: ConnectionService }): z.ZodType<string | null, string | null> {
  const { service, ...rest } = options;
  const name = z.string().regex(/^[a-z][a-z0-9_-]{0,62}$/);
  return make(name.nullable(), { kind: "connection", service }, { ...rest, default: null });
}

/** The name of a connection, never its address. */
export function connection(options: Options<string> & { readonly service: ConnectionService }): z.ZodType<string, string> {
  const { service, ...rest } = options;
  return make(z.string().regex(/^[a-z][a-z0-9_-]{0,62}$/), { kind: "connection", service }, rest);
}
