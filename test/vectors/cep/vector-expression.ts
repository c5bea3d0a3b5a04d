/** A condition as vectors write it: over the event, and over what the match has taken for a stage before it. */
export type VectorExpression =
  | { readonly field: string; readonly agg?: undefined }
  | { readonly lit: unknown }
  | { readonly agg: string; readonly stage: string; readonly field?: string }
  | { readonly op: string; readonly args: readonly VectorExpression[] };

export type VectorEvent = Readonly<Record<string, unknown>>;

/** The value of an expression for an event; `takenFor` gives the events of a stage, oldest first. */
export function evaluate(expression: VectorExpression, event: VectorEvent, takenFor: (stage: string) => readonly VectorEvent[]): unknown {
  if ("op" in expression) {
    if (expression.op === "has") return hasField(expression.args[0], event);
    return operate(
      expression.op,
      expression.args.map((arg) => evaluate(arg, event, takenFor)),
    );
  }
  if ("lit" in expression) return expression.lit;
  if (expression.agg === undefined) return event[expression.field];
  const { field } = expression;
  const events = takenFor(expression.stage);
  return aggregate(expression.agg, field === undefined ? events : events.map((taken) => taken[field]));
}

function hasField(argument: VectorExpression, event: VectorEvent): boolean {
  return "field" in argument && argument.field !== undefined && Object.hasOwn(event, argument.field);
}

function aggregate(name: string, values: readonly unknown[]): unknown {
  switch (name) {
    case "count":
      return values.length;
    case "sum":
      return values.reduce((total: number, value) => total + Number(value), 0);
    case "first":
      return values.at(0) ?? null;
    case "last":
      return values.at(-1) ?? null;
    default:
      throw new Error(`the aggregate ${name} is not known`);
  }
}

function operate(op: string, args: readonly unknown[]): unknown {
  const [left, right] = args;
  switch (op) {
    case "and":
      return args.every((arg) => arg === true);
    case "or":
      return args.some((arg) => arg === true);
    case "=":
      return left === right;
    case "<":
      return Number(left) < Number(right);
    case ">":
      return Number(left) > Number(right);
    case "<=":
      return Number(left) <= Number(right);
    case ">=":
      return Number(left) >= Number(right);
    case "+":
      return args.reduce((total: number, value) => total + Number(value), 0);
    case "contains":
      return String(left).includes(String(right));
    case "startsWith":
      return String(left).startsWith(String(right));
    default:
      throw new Error(`the operator ${op} is not known`);
  }
}
