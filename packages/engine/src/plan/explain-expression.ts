import type { TypedExpression } from "../expression/typed-expression.ts";

/** A typed expression as one line: fields by name, calls as `name(…)`, texts in single quotes. */
export function explainExpression(expression: TypedExpression): string {
  switch (expression.kind) {
    case "literal":
      return typeof expression.value === "string" ? `'${expression.value.replaceAll("'", "''")}'` : String(expression.value);
    case "field":
      return expression.name;
    case "call":
      return `${expression.name}(${expression.args.map(explainExpression).join(", ")})`;
  }
}
