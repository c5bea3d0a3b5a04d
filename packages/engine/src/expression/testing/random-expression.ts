import { type Field, type FieldType, sameType } from "../../types/field-type.ts";
import { canCast } from "../functions/conversion.ts";
import { fieldTypeOf, type Parameter, type Signature } from "../functions/function-definition.ts";
import { functionsTable, parameterAt } from "../functions/functions-table.ts";
import type { LiteralValue, TypedExpression } from "../typed-expression.ts";
import { extractableUnits, roundingUnits } from "../values/time-units.ts";
import type { RandomSource } from "./random-source.ts";
import { randomValue } from "./random-values.ts";

const span = { start: 0, end: 0 };

/** Types that literals can have. */
const scalarTypes: readonly FieldType[] = [
  { kind: "boolean" },
  { kind: "bigint" },
  { kind: "double" },
  { kind: "string" },
  { kind: "timestamp" },
  { kind: "interval" },
];

const regexes = ["a+", "^(a|b)*c$", "[0-9]+", "(\\w+)-(\\d+)", "", "\\.", "(?i)ABC", "x*", "\\p{L}"];
const paths = ["$", "$.a", "$.a.b[1]", "$['odd key']", "$[0]", "lax $.a.b", "$.__proto__"];
const formats = ["yyyy-MM-dd", "HH:mm", "yyyy-MM-dd'T'HH:mm:ss.SSS", "EEE d MMM yy h a", "D", "''"];

/** Makes well-typed expressions as the checker would: exact overloads, casts explicit, typed NULLs. */
export class ExpressionGenerator {
  readonly #random: RandomSource;
  readonly #fields: readonly Field[];

  constructor(random: RandomSource, fields: readonly Field[]) {
    this.#random = random;
    this.#fields = fields;
  }

  /** An expression of any scalar type. */
  any(depth: number): TypedExpression {
    return this.of(this.#random.pick(scalarTypes), depth);
  }

  /** An expression of the type, at most `depth` calls deep. */
  of(type: FieldType, depth: number): TypedExpression {
    const random = this.#random;
    if (depth <= 0 || random.chance(0.15)) return this.#leaf(type);
    if (random.chance(0.12)) return this.#case(type, depth);
    if (random.chance(0.1)) return this.#cast(type, depth);
    if (random.chance(0.08)) return this.#member(type, depth);
    const candidates = overloads.filter(({ signature }) => gives(signature, type));
    if (candidates.length === 0) return this.#leaf(type);
    const { name, signature } = random.pick(candidates);
    return this.#call(name, signature, type, depth);
  }

  #leaf(type: FieldType): TypedExpression {
    const random = this.#random;
    const fields = this.#fields.map((field, index) => ({ field, index })).filter(({ field }) => sameType(field.type, type));
    const literal = scalarTypes.some((scalar) => sameType(scalar, type));
    if (fields.length > 0 && (!literal || random.chance(0.65))) {
      const { field, index } = random.pick(fields);
      return { kind: "field", type, index, name: field.name, span };
    }
    if (!literal || random.chance(0.08)) return { kind: "literal", type, value: null, span };
    // Values of scalar types are literals.
    return { kind: "literal", type, value: randomValue(random, type) as LiteralValue, span };
  }

  #call(name: string, signature: Signature, result: FieldType, depth: number): TypedExpression {
    const random = this.#random;
    const variable = signature.result === "T" || signature.result === "C" ? result : this.#variable(signature, depth);
    const count = signature.parameters.length + (signature.variadic ? random.below(3) + (name === "CONCAT_WS" ? 0 : 1) : 0);
    const args: TypedExpression[] = [];
    for (let i = 0; i < count; i++) {
      const parameter = parameterAt(signature, i);
      if (parameter !== undefined) args.push(this.#argument(name, parameter, variable, depth - 1));
    }
    return { kind: "call", type: result, name, args, span };
  }

  #variable(signature: Signature, depth: number): FieldType {
    const anyType = signature.parameters.some((parameter) => parameter.type === "T");
    const compound = this.#fields.map((field) => field.type);
    return anyType && depth > 0 && this.#random.chance(0.4) ? this.#random.pick(compound) : this.#random.pick(scalarTypes);
  }

  #argument(name: string, parameter: Parameter, variable: FieldType, depth: number): TypedExpression {
    const random = this.#random;
    const text = (value: string): TypedExpression => ({ kind: "literal", type: { kind: "string" }, value, span });
    switch (parameter.type) {
      case "regex":
        return this.#openText(depth) ?? text(random.pick(regexes));
      case "path":
        return text(random.pick(paths));
      case "format":
        return this.#openText(depth) ?? text(random.pick(formats));
      case "unit":
        return text(random.pick(name === "EXTRACT" ? extractableUnits : roundingUnits));
      case "escape":
        return text(random.pick(["!", "\\", "%"]));
      case "array":
        return this.of(this.#fields.find((field) => field.type.kind === "array")?.type ?? variable, depth);
      default:
        return this.of(fieldTypeOf(parameter.type) ?? variable, depth);
    }
  }

  /** Now and then a text that is no literal: patterns that cannot be read are refused there, but may come from records. */
  #openText(depth: number): TypedExpression | null {
    if (this.#random.chance(0.8)) return null;
    const text = this.of({ kind: "string" }, depth);
    return text.kind === "literal" ? null : text;
  }

  #case(type: FieldType, depth: number): TypedExpression {
    const random = this.#random;
    const simple = random.chance(0.4);
    const subject = random.pick(scalarTypes);
    const args: TypedExpression[] = simple ? [this.of(subject, depth - 1)] : [];
    for (let k = random.below(3) + 1; k > 0; k--) {
      args.push(this.of(simple ? subject : { kind: "boolean" }, depth - 1), this.of(type, depth - 1));
    }
    args.push(this.of(type, depth - 1));
    return { kind: "call", type, name: simple ? "CASE_OF" : "CASE", args, span };
  }

  #cast(type: FieldType, depth: number): TypedExpression {
    const sources: FieldType[] = [...scalarTypes, { kind: "json" as const }].filter((from) => canCast(from, type));
    if (sources.length === 0) return this.#leaf(type);
    const argument = this.of(this.#random.pick(sources), depth - 1);
    // CAST(NULL AS type) is a NULL of that type, and needs no call.
    if (argument.kind === "literal" && argument.value === null) return { ...argument, type };
    return { kind: "call", type, name: "CAST", args: [argument], span };
  }

  /** A member of a row or of json, or an element of an array or of json. */
  #member(type: FieldType, depth: number): TypedExpression {
    const random = this.#random;
    if (type.kind === "json") {
      const byName = random.chance(0.6);
      const key: TypedExpression = byName
        ? { kind: "literal", type: { kind: "string" }, value: random.pick(["a", "b", "odd key", "constructor"]), span }
        : this.of({ kind: "bigint" }, depth - 2);
      return { kind: "call", type, name: byName ? "." : "[]", args: [this.of(type, depth - 1), key], span };
    }
    for (const [index, field] of this.#fields.entries()) {
      const base: TypedExpression = { kind: "field", type: field.type, index, name: field.name, span };
      if (field.type.kind === "array" && sameType(field.type.of, type)) {
        return { kind: "call", type, name: "[]", args: [base, this.of({ kind: "bigint" }, depth - 2)], span };
      }
      const member = field.type.kind === "row" ? field.type.fields.find((candidate) => sameType(candidate.type, type)) : undefined;
      if (member !== undefined && random.chance(0.5)) {
        const key: TypedExpression = { kind: "literal", type: { kind: "string" }, value: member.name, span };
        return { kind: "call", type, name: ".", args: [base, key], span };
      }
    }
    return this.#leaf(type);
  }
}

const overloads = functionsTable.flatMap((definition) => definition.signatures.map((signature) => ({ name: definition.name, signature })));

function gives(signature: Signature, type: FieldType): boolean {
  if (signature.result === "T") return true;
  if (signature.result === "C") return scalarTypes.some((scalar) => sameType(scalar, type));
  return fieldTypeOf(signature.result)?.kind === type.kind && type.kind !== "array" && type.kind !== "row";
}
