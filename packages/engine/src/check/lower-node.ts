import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { checkExpression } from "../expression/check-expression.ts";
import type { LowerContext, NodeDefinition } from "../node/node-definition.ts";
import { checkPatternExpression } from "../pattern/check-pattern-expression.ts";
import { deriveTypes, type ExpressionFacts } from "../plan/derive-type.ts";
import type { LoweredOperator } from "../plan/logical-operator.ts";
import { expressionFields, operatorInputs } from "../plan/map-operator.ts";
import { takingStages } from "../plan/pattern-operator.ts";
import { typeOperator } from "../plan/type-operator.ts";
import type { Field } from "../types/field-type.ts";
import type { StreamType } from "../types/stream-type.ts";
import type { CheckedNode } from "./checked-graph.ts";

/** What a node lowered to, or why its definition failed. */
export type Lowering = { readonly ok: true; readonly lowered: CheckedNode["lowered"] } | { readonly ok: false; readonly detail: string };

/** Calls a definition's `lower`. Definitions are an open list, so that one which throws is reported, not passed on. */
export function lowerNode(definition: NodeDefinition, context: LowerContext<unknown>): Lowering {
  try {
    return { ok: true, lowered: definition.lower(context) };
  } catch (thrown) {
    return { ok: false, detail: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

/** An operator that a node put into the graph. */
export interface OwnedOperator {
  readonly operator: LoweredOperator;
  readonly inputs: readonly StreamType[];
  /** null: the types cannot be told. */
  readonly outputs: Readonly<Record<string, StreamType>> | null;
}

/** The operators of all nodes of one graph, each with its types and the node that brought it in. */
export class OperatorTable {
  private readonly known = new Map<LoweredOperator, { readonly slug: string; readonly entry: OwnedOperator }>();

  /** Adds what a node lowered to. Returns the operators that no node before it brought in, inputs first. */
  add(slug: string, lowered: CheckedNode["lowered"]): readonly OwnedOperator[] {
    const before = this.known.size;
    for (const value of Object.values(lowered)) this.addOperator("operator" in value ? value.operator : value, slug);
    return [...this.known.values()].slice(before).map(({ entry }) => entry);
  }

  /** Type at a port of an operator; null when it is not known. */
  typeOf(operator: LoweredOperator, port: string): StreamType | null {
    return this.known.get(operator)?.entry.outputs?.[port] ?? null;
  }

  /** Slug of the node that an operator came from. */
  ownerOf(operator: LoweredOperator): string | null {
    return this.known.get(operator)?.slug ?? null;
  }

  private addOperator(operator: LoweredOperator, slug: string): void {
    if (this.known.has(operator)) return;
    const types = operatorInputs(operator).map((input) => {
      this.addOperator(input.operator, slug);
      return this.typeOf(input.operator, input.port);
    });
    const inputs = types.filter((type) => type !== null);
    const outputs =
      inputs.length < types.length
        ? null
        : deriveTypes(operator, inputs, (text) => factsOf(text, operator, expressionFields(operator, inputs)));
    this.known.set(operator, { slug, entry: { operator, inputs, outputs } });
  }
}

/** What is wrong with the expressions of an operator; they come from the definition where no parameter is to blame. */
export function operatorProblems({ operator, inputs }: OwnedOperator, slug: string): readonly Diagnostic[] {
  const typed = typeOperator(operator, expressionFields(operator, inputs), { node: slug });
  return typed.ok ? [] : typed.diagnostics;
}

function factsOf(text: string, operator: LoweredOperator, fields: readonly Field[]): ExpressionFacts | null {
  const result =
    operator.op === "pattern-match"
      ? checkPatternExpression(text, fields, takingStages(operator.stages), {})
      : checkExpression(text, fields, {});
  if (!result.ok) return null;
  const expression = result.value;
  return { type: expression.type, field: expression.kind === "field" ? expression.name : null };
}
