import type { TypedExpression } from "../expression/typed-expression.ts";
import { showType } from "../types/field-type.ts";

const infix = /^(?:[^A-Za-z\s[]+|AND|OR|LIKE|NOT LIKE)$/;

/** A typed expression as one line, for people: operators between their operands, all casts spelled out. */
export function explainExpression(expression: TypedExpression): string {
  return explain(expression, false);
}

function explain(expression: TypedExpression, nested: boolean): string {
  switch (expression.kind) {
    case "literal":
      return typeof expression.value === "string" ? `'${expression.value.replaceAll("'", "''")}'` : String(expression.value);
    case "field":
      return expression.name;
    case "call":
      return explainCall(expression.name, expression, nested);
  }
}

function explainCall(name: string, { args, type }: Extract<TypedExpression, { readonly kind: "call" }>, nested: boolean): string {
  if (name === "CAST" && args.length === 1) return `CAST(${explain(args[0], false)} AS ${showType(type)})`;
  if (!infix.test(name) || args.length !== 2) return `${name}(${args.map((arg) => explain(arg, false)).join(", ")})`;
  const text = args.map((arg) => explain(arg, true)).join(` ${name} `);
  return nested ? `(${text})` : text;
}
