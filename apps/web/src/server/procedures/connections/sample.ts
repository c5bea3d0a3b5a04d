import { type JsonObject, type NodeDefinition, param, type Source } from "@millrace/engine";
import { catalogue } from "@millrace/nodes";
import { jsonObject } from "@millrace/protocol";
import { z } from "zod";
import { Problem } from "../../errors/problem.ts";
import { procedure } from "../../trpc.ts";

const input = z.strictObject({ type: z.string().max(64), params: jsonObject });

/** A few of the newest records of a source as its settings stand, read by a runtime; the fields need not be declared yet. */
export const sample = procedure({ role: "editor" })
  .input(input)
  .mutation(({ ctx, input: { type, params } }) => {
    const { connector, options } = sourceOf(type, params);
    return ctx.services.runtime.ask<"source-sample">({ kind: "source-sample", connector, options });
  });

function sourceOf(type: string, params: JsonObject): Source {
  const definition = catalogue.find(type);
  if (definition === undefined || definition.category !== "source") throw refused(`There is no source "${type}".`);
  const parsed = definition.params.safeParse(withSomeField(definition, params));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw refused(`The settings of the source are not complete: ${issue.path.join(".")}: ${issue.message}`);
  }
  const { out } = definition.lower({ params: parsed.data, inputs: {}, inputLists: {}, inputTypes: {} });
  const operator = "operator" in out ? out.operator : out;
  if (operator.op !== "source") throw refused(`"${type}" has no records of its own.`);
  return operator;
}

/** The fields are what the sample is for. A field `value` is what some formats ask for. */
function withSomeField(definition: NodeDefinition, params: JsonObject): JsonObject {
  const shape = param.paramShape(definition.params) ?? {};
  const names = Object.keys(shape).filter((name) => param.paramMeta(shape[name])?.param.kind === "schema");
  return { ...params, ...Object.fromEntries(names.map((name) => [name, [{ name: "value", type: "string" }]])) };
}

function refused(message: string): Problem {
  return new Problem({ transport: "BAD_REQUEST", code: "SAMPLE_IMPOSSIBLE", message, fix: "Fill in the settings above the fields first." });
}
