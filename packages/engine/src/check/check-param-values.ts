import { aggregateOptions, aggregateResultType } from "../aggregate/aggregate-table.ts";
import { type Diagnostic, error, type Place } from "../diagnostics/diagnostic.ts";
import { checkExpression } from "../expression/check-expression.ts";
import { nearestName } from "../expression/nearest-name.ts";
import { checkTemplate } from "../expression/template.ts";
import type { ParamLeaf } from "../node/param-leaves.ts";
import type { PatternStageParam } from "../node/params.ts";
import { checkPatternExpression } from "../pattern/check-pattern-expression.ts";
import type { AggregateFunction } from "../plan/logical-operator.ts";
import { isAbsence, singleStages } from "../plan/pattern-operator.ts";
import { type Field, type FieldType, showType } from "../types/field-type.ts";
import type { StreamType } from "../types/stream-type.ts";

/** Types at the input ports of the node; null or absent = not known. */
export type InputTypes = Readonly<Record<string, StreamType | null>>;

/**
 * Checks the values of a node's parameters against what flows in: fields exist and have a type that is
 * allowed, expressions and templates type-check, names are unique. Values that their schema refuses, hidden
 * parameters, and parameters about an input of unknown type are passed over.
 */
export function checkParamValues(leaves: readonly ParamLeaf[], inputTypes: InputTypes, slug: string): readonly Diagnostic[] {
  return leaves.flatMap((leaf) => {
    if (!leaf.visible || leaf.value === undefined || leaf.value === null) return [];
    return checkLeaf(leaf, leaves, inputTypes, { node: slug, param: leaf.path });
  });
}

function checkLeaf(leaf: ParamLeaf, leaves: readonly ParamLeaf[], inputTypes: InputTypes, place: Place): readonly Diagnostic[] {
  const kind = leaf.meta.param;
  const fields = "port" in kind ? inputTypes[kind.port]?.fields : undefined;
  switch (kind.kind) {
    case "field":
      return checkField(text(leaf.value), fields, kind.types, place);
    case "own-field":
      return checkField(text(leaf.value), ownFields(leaves), kind.types, place);
    case "own-expression":
      return checkOwnExpression(text(leaf.raw ?? leaf.value), ownFields(leaves), kind.types, place);
    case "fields":
      return checkFields(leaf.value as readonly string[], fields, place);
    case "order":
      return checkOrder(leaf.value as readonly { readonly field: string }[], fields, place);
    case "expression": {
      if (fields === undefined) return [];
      const source = text(leaf.raw ?? leaf.value);
      return problemsOf(
        kind.result === undefined ? checkExpression(source, fields, place) : checkExpression(source, fields, place, kind.result),
      );
    }
    case "template":
      return fields === undefined ? [] : problemsOf(checkTemplate(text(leaf.raw ?? leaf.value), fields, place));
    case "pattern-stages":
      return checkPatternStages(leaf, fields, place);
    case "named-expressions":
    case "conditions":
    case "aggregates":
    case "schema":
      return checkEntries(leaf, fields, place, stagesFor(leaf, leaves));
    default:
      return [];
  }
}

/** The fields that the node declares itself; undefined when they cannot be told. */
function ownFields(leaves: readonly ParamLeaf[]): readonly Field[] | undefined {
  const own = leaves.find((other) => other.meta.param.kind === "schema")?.value;
  // The schema param's output is a list of fields; see `params.ts`.
  return Array.isArray(own) ? (own as readonly Field[]) : undefined;
}

function checkOwnExpression(
  source: string,
  fields: readonly Field[] | undefined,
  allowed: readonly FieldType["kind"][],
  place: Place,
): readonly Diagnostic[] {
  if (fields === undefined) return [];
  const checked = checkExpression(source, fields, place);
  if (!checked.ok) return checked.diagnostics;
  const { type } = checked.value;
  if (allowed.includes(type.kind)) return checked.warnings;
  return [...checked.warnings, error("PARAM_RESULT_TYPE", { actual: showType(type), allowed }, place)];
}

function checkField(
  name: string,
  fields: readonly Field[] | undefined,
  types: readonly FieldType["kind"][] | undefined,
  place: Place,
): readonly Diagnostic[] {
  if (fields === undefined) return [];
  const field = fields.find((candidate) => candidate.name === name);
  if (field === undefined) {
    const names = fields.map((candidate) => candidate.name);
    return [error("UNKNOWN_FIELD", { name, available: names, nearest: nearestName(name, names) }, place)];
  }
  if (types === undefined || types.includes(field.type.kind)) return [];
  return [error("PARAM_FIELD_TYPE", { field: name, actual: showType(field.type), allowed: types }, place)];
}

function checkFields(names: readonly string[], fields: readonly Field[] | undefined, place: Place): readonly Diagnostic[] {
  return names.flatMap((name, i) => {
    const at = { ...place, param: `${place.param}.${i}` };
    if (names.indexOf(name) < i) return [error("NAME_DUPLICATE", { name }, at)];
    return checkField(name, fields, undefined, at);
  });
}

/** Types whose values have an order. */
const orderedTypes: readonly FieldType["kind"][] = ["boolean", "bigint", "double", "string", "timestamp", "interval"];

function checkOrder(
  entries: readonly { readonly field: string }[],
  fields: readonly Field[] | undefined,
  place: Place,
): readonly Diagnostic[] {
  return entries.flatMap(({ field }, i) => {
    const at = { ...place, param: `${place.param}.${i}.field` };
    if (entries.findIndex((other) => other.field === field) < i) return [error("NAME_DUPLICATE", { name: field }, at)];
    return fields === undefined ? [] : checkField(field, fields, orderedTypes, at);
  });
}

/** An entry of a list parameter; which members there are depends on the kind. */
interface Entry {
  readonly name?: string;
  readonly as?: string;
  readonly value?: string;
  readonly where?: string;
  readonly fn?: AggregateFunction;
  readonly argument?: string | undefined;
  readonly filter?: string | undefined;
  readonly fraction?: number | undefined;
  readonly limit?: number | undefined;
  readonly separator?: string | undefined;
}

function checkEntries(
  leaf: ParamLeaf,
  fields: readonly Field[] | undefined,
  place: Place,
  stages: readonly string[] | null,
): readonly Diagnostic[] {
  const kind = leaf.meta.param.kind;
  // Expressions are checked as saved: the schema trims them, and spans must fit the text that the editor shows.
  const entries = (kind !== "schema" && Array.isArray(leaf.raw) ? leaf.raw : leaf.value) as readonly Entry[];
  const seen = new Set<string>();
  return entries.flatMap((entry, i) => {
    const found: Diagnostic[] = [];
    const at = (member: string): Place => ({ ...place, param: `${place.param}.${i}.${member}` });
    const member = kind === "aggregates" ? "as" : "name";
    const name = entry[member] ?? "";
    if (seen.has(name)) found.push(error("NAME_DUPLICATE", { name }, at(member)));
    if (kind === "conditions" && name === "otherwise") found.push(error("NAME_RESERVED", { name }, at(member)));
    seen.add(name);
    if (fields === undefined) return found;
    if (kind === "named-expressions") {
      const text = entry.value ?? "";
      const checked =
        stages === null ? checkExpression(text, fields, at("value")) : checkPatternExpression(text, fields, stages, at("value"));
      found.push(...problemsOf(checked));
    }
    if (kind === "conditions") found.push(...problemsOf(checkExpression(entry.where ?? "", fields, at("where"), "boolean")));
    if (kind === "aggregates") found.push(...checkAggregate(entry, fields, at));
    return found;
  });
}

function checkAggregate(entry: Entry, fields: readonly Field[], at: (member: string) => Place): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const fn = entry.fn ?? "count";
  if (entry.filter !== undefined) found.push(...problemsOf(checkExpression(entry.filter, fields, at("filter"), "boolean")));
  const takes = aggregateOptions(fn);
  for (const option of ["fraction", "limit", "separator"] as const) {
    if (entry[option] !== undefined && !takes.includes(option)) found.push(error("AGGREGATE_OPTION", { fn, option, takes }, at(option)));
  }
  if (fn === "percentile" && entry.fraction === undefined) found.push(error("AGGREGATE_FRACTION_MISSING", undefined, at("fraction")));
  if (entry.argument === undefined) {
    if (fn !== "count") found.push(error("AGGREGATE_ARGUMENT_MISSING", { fn }, at("argument")));
    return found;
  }
  const argument = checkExpression(entry.argument, fields, at("argument"));
  if (!argument.ok) return [...found, ...argument.diagnostics];
  const { type } = argument.value;
  found.push(...argument.warnings);
  if (aggregateResultType(fn, type) === null) {
    found.push(error("AGGREGATE_ARGUMENT_TYPE", { fn, actual: showType(type) }, at("argument")));
  }
  return found;
}

/** The stages that the expressions of a parameter may aggregate; null when it is not about a pattern. */
function stagesFor({ meta }: ParamLeaf, leaves: readonly ParamLeaf[]): readonly string[] | null {
  const kind = meta.param;
  if (kind.kind !== "named-expressions" || kind.stages === undefined) return null;
  return takingNames(leaves.find((leaf) => leaf.path === kind.stages)?.value);
}

function checkPatternStages(leaf: ParamLeaf, fields: readonly Field[] | undefined, place: Place): readonly Diagnostic[] {
  // Expressions are checked as saved, as in `checkEntries`.
  const stages = (Array.isArray(leaf.raw) ? leaf.raw : leaf.value) as readonly PatternStageParam[];
  const taking = takingNames(leaf.value);
  const seen = new Set<string>();
  const check = (list: readonly PatternStageParam[], path: string): readonly Diagnostic[] =>
    list.flatMap((stage, i) => {
      const at = (member: string): Place => ({ ...place, param: `${path}.${i}.${member}` });
      const found: Diagnostic[] = [];
      if (seen.has(stage.name)) found.push(error("NAME_DUPLICATE", { name: stage.name }, at("name")));
      seen.add(stage.name);
      for (const member of ["where", "until"] as const) {
        const text = stage[member];
        if (text === undefined || fields === undefined) continue;
        found.push(...problemsOf(checkPatternExpression(text, fields, taking, at(member), "boolean")));
      }
      return stage.group === undefined ? found : [...found, ...check(stage.group, `${path}.${i}.group`)];
    });
  return check(stages, place.param ?? "");
}

/** Names of the stages that take events, from the value of a `pattern-stages` parameter; see `params.ts`. */
function takingNames(value: unknown): readonly string[] {
  if (!Array.isArray(value)) return [];
  const [first, ...others] = value as readonly PatternStageParam<number>[];
  const taking = singleStages(others).filter(({ contiguity = "followedBy" }) => !isAbsence({ contiguity }));
  return [...(first === undefined ? [] : singleStages([first])), ...taking].map((stage) => stage.name);
}

function problemsOf(
  result:
    | { readonly ok: true; readonly warnings: readonly Diagnostic[] }
    | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] },
): readonly Diagnostic[] {
  return result.ok ? result.warnings : result.diagnostics;
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
