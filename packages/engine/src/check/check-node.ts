import { type Diagnostic, error } from "../diagnostics/diagnostic.ts";
import { record } from "../graph/document-reader.ts";
import type { GraphNode } from "../graph/graph.ts";
import { migrateNode } from "../graph/migrate-graph.ts";
import { stripSecrets } from "../graph/strip-secrets.ts";
import type { Catalogue } from "../node/catalogue.ts";
import type { NodeDefinition, PortSpec } from "../node/node-definition.ts";
import { paramLeaves, withoutHidden } from "../node/param-leaves.ts";
import type { OperatorOutput } from "../plan/logical-operator.ts";
import type { StreamType } from "../types/stream-type.ts";
import { checkParamValues } from "./check-param-values.ts";
import type { NodeReport } from "./check-report.ts";
import { type CheckedNode, loweredOutput } from "./checked-graph.ts";
import type { IncomingEdge } from "./incoming-edge.ts";
import { lowerNode, type OperatorTable, operatorProblems } from "./lower-node.ts";
import { paramDiagnostics } from "./param-issues.ts";
import { missingInputs } from "./rules/missing-inputs.ts";
import { operatorRules } from "./rules/operator-rules.ts";

/** What the check of one node is given. */
export interface NodeContext {
  readonly slug: string;
  readonly node: GraphNode;
  readonly catalogue: Catalogue;
  readonly incoming: readonly IncomingEdge[];
  /** All ends of edges in the graph, also of edges that cannot be, as `node.port`. */
  readonly connected: ReadonlySet<string>;
  /** Output ports at which edges start. */
  readonly usedPorts: readonly string[];
  readonly leftOut: boolean;
  readonly operators: OperatorTable;
  readonly labelOf: (slug: string) => string;
}

/** A node's report, and what it lowered to; null when that cannot be told. */
export interface NodeOutcome {
  readonly report: NodeReport;
  readonly lowered: CheckedNode["lowered"] | null;
  readonly inputTypes: Readonly<Record<string, StreamType>> | null;
}

/** Checks one node whose upstream nodes were checked before it. Total: it reports what it can tell. */
export function checkNode(context: NodeContext): NodeOutcome {
  const { slug, node, catalogue, leftOut } = context;
  const definition = catalogue.find(node.type);
  if (definition === undefined) return placeholder(context, error("NODE_TYPE_UNKNOWN", { type: node.type }, { node: slug }));
  if (node.version > definition.version) {
    const versions = { type: node.type, found: node.version, supported: definition.version };
    return placeholder(context, error("NODE_VERSION_NEWER", versions, { node: slug }));
  }
  const present = migrateNode(node, definition);
  if (present === null) {
    const versions = { type: node.type, from: node.version, to: definition.version };
    return placeholder(context, error("NODE_MIGRATION_FAILED", versions, { node: slug }));
  }
  const outcome = checkKnownNode(context, definition, present);
  return leftOut ? { ...outcome, report: { ...outcome.report, diagnostics: [] } } : outcome;
}

function checkKnownNode(context: NodeContext, definition: NodeDefinition, node: GraphNode): NodeOutcome {
  const { slug, usedPorts, leftOut } = context;
  // A node that runs has nothing from those that do not; one that does not run is typed as if all did.
  const incoming = leftOut ? context.incoming : context.incoming.filter((edge) => !edge.leftOut);
  const inputTypes = typesByPort(definition, incoming);
  const leaves = paramLeaves(definition.params, node.params);
  const parsed = definition.params.safeParse(withoutHidden(node.params, leaves));
  const diagnostics: Diagnostic[] = [...missingInputs(slug, definition, context.incoming, context.connected, context.labelOf)];
  if (!parsed.success) diagnostics.push(...paramDiagnostics(parsed.error.issues, definition.params, leaves, slug, node.params));
  for (const param of stripSecrets(node.params, definition.params).stripped) {
    diagnostics.push(error("SECRET_PLAIN", { param }, { node: slug, param }));
  }
  diagnostics.push(...checkParamValues(leaves, inputTypes, slug));

  const params: unknown = parsed.success ? parsed.data : null;
  const faults: string[] = [];
  const ports = parsed.success ? attempt(() => portsOf(definition, params), faults) : undefined;
  const headline = parsed.success ? headlineOf(definition, attempt(() => definition.headline(params), faults) ?? "") : "";
  const outputPorts = ports ?? (typeof definition.outputs === "function" ? usedPorts.map((name) => ({ name })) : definition.outputs);
  const typed = parsed.success ? completeTypes(inputTypes) : null;
  const lowering = typed === null ? null : lowerNode(definition, { params, ...inputsByPort(definition, incoming), inputTypes: typed });
  if (lowering?.ok === false) faults.push(lowering.detail);
  const lowered = lowering?.ok === true ? lowering.lowered : null;
  if (lowered !== null) diagnostics.push(...lowerProblems(context, lowered, leaves, diagnostics, faults));
  if (!diagnostics.some((found) => found.severity === "error")) {
    for (const detail of faults) diagnostics.push(error("NODE_FAULTY", { type: definition.type, detail }, { node: slug }));
  }
  const outputTypes = record(outputPorts.map((port) => [port.name, typeAt(context.operators, lowered, port.name)] as const));
  const report = { slug, definition, params, inputTypes, outputTypes, outputPorts, headline, leftOut, diagnostics };
  return { report, lowered, inputTypes: typed };
}

/** Runs the rules over the operators that the node brought in; adds to `faults` what only the definition can have caused. */
function lowerProblems(
  { slug, operators, labelOf }: NodeContext,
  lowered: CheckedNode["lowered"],
  leaves: ReturnType<typeof paramLeaves>,
  soFar: readonly Diagnostic[],
  faults: string[],
): readonly Diagnostic[] {
  const own = operators.add(slug, lowered);
  const found = own.flatMap((entry) => operatorRules.flatMap((rule) => rule({ ...entry, slug, leaves, operators, labelOf })));
  if ([...soFar, ...found].some((problem) => problem.severity === "error")) return found;
  const expressions = own.flatMap((entry) => operatorProblems(entry, slug));
  if (expressions.length > 0) return [...found, ...expressions];
  for (const { operator, outputs } of own) if (outputs === null) faults.push(`the types of ${operator.op} cannot be derived`);
  return found;
}

function placeholder({ slug, usedPorts, leftOut, incoming }: NodeContext, problem: Diagnostic): NodeOutcome {
  const report: NodeReport = {
    slug,
    definition: null,
    params: null,
    inputTypes: record(incoming.map((edge) => [edge.toPort, edge.type] as const)),
    outputTypes: record(usedPorts.map((port) => [port, null] as const)),
    outputPorts: usedPorts.map((name) => ({ name })),
    headline: "",
    leftOut,
    diagnostics: [problem],
  };
  return { report, lowered: null, inputTypes: null };
}

function portsOf(definition: NodeDefinition, params: unknown): readonly PortSpec[] {
  return typeof definition.outputs === "function" ? definition.outputs(params) : definition.outputs;
}

function typesByPort(definition: NodeDefinition, incoming: readonly IncomingEdge[]): Readonly<Record<string, StreamType | null>> {
  return record(
    definition.inputs.map(({ name }) => {
      const edges = incoming.filter((edge) => edge.toPort === name);
      return [name, edges.every((edge) => edge.type !== null && edge.output !== null) ? (edges.at(0)?.type ?? null) : null] as const;
    }),
  );
}

/** The types of all input ports; null when one is not known. */
function completeTypes(types: Readonly<Record<string, StreamType | null>>): Readonly<Record<string, StreamType>> | null {
  const complete = record<StreamType>();
  for (const [port, type] of Object.entries(types)) {
    if (type === null) return null;
    complete[port] = type;
  }
  return complete;
}

function inputsByPort(definition: NodeDefinition, incoming: readonly IncomingEdge[]) {
  const inputs = record<OperatorOutput>();
  const inputLists = record<readonly OperatorOutput[]>();
  for (const port of definition.inputs) {
    const outputs = incoming.filter((edge) => edge.toPort === port.name).map((edge) => edge.output);
    const known = outputs.filter((output) => output !== null);
    if (port.multiple === true) inputLists[port.name] = known;
    else if (known.length > 0) inputs[port.name] = known[0];
  }
  return { inputs, inputLists };
}

function typeAt(operators: OperatorTable, lowered: CheckedNode["lowered"] | null, port: string): StreamType | null {
  const output = lowered === null ? null : loweredOutput(lowered, port);
  return output === null ? null : operators.typeOf(output.operator, output.port);
}

function attempt<T>(call: () => T, faults: string[]): T | undefined {
  try {
    return call();
  } catch (thrown) {
    faults.push(thrown instanceof Error ? thrown.message : String(thrown));
    return undefined;
  }
}

/** A sink that a failure may bring records twice says so on its face. */
function headlineOf({ delivery }: NodeDefinition, headline: string): string {
  return delivery?.exactlyOnce === false && headline !== "" ? `${headline} · at least once` : headline;
}
