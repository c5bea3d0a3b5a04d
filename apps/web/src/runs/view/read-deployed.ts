import { checkGraph, type Field, type NodeCategory, type PipelineDocument, parsePipeline } from "@millrace/engine";
import { catalogue } from "@millrace/nodes";

/** A node of what runs, as lists show it. */
export interface RunNode {
  readonly slug: string;
  readonly label: string;
  readonly category: NodeCategory;
  readonly icon: string;
  readonly hasInput: boolean;
  readonly hasOutput: boolean;
  /** What arrives at its first input; empty when that is not known. */
  readonly fields: readonly Field[];
}

/** What the run view needs to know of the deployed pipeline. */
export interface DeployedRun {
  /** null when this server cannot read the text any more. */
  readonly document: PipelineDocument | null;
  readonly nodes: readonly RunNode[];
  /** Sinks whose rows are shown in the live-table tab. */
  readonly liveTables: readonly RunNode[];
  /** What people call the node of a slug. */
  readonly labelOf: (slug: string) => string;
  /** What arrives at the node of a slug. */
  readonly fieldsOf: (slug: string) => readonly Field[];
}

/** The type of the sink that fills live tables, as the protocol's live-table keys are written. */
const liveTableType = "live-table";

/** Reads the deployed text. Disabled nodes do not run and are left out of the lists. */
export function readDeployed(text: string): DeployedRun {
  const parsed = parsePipeline(text, catalogue);
  const document = parsed.ok ? parsed.value : null;
  const graphNodes = Object.entries(document?.pipeline.nodes ?? {}).filter(([, node]) => !node.disabled);
  const report = document === null ? null : checkGraph(document.pipeline, catalogue);
  const nodes = graphNodes.flatMap(([slug, node]): readonly RunNode[] => {
    const definition = catalogue.find(node.type);
    if (definition === undefined) return [];
    const { category, icon, inputs, outputs } = definition;
    const hasOutput = typeof outputs === "function" || outputs.length > 0;
    const label = node.label === "" ? definition.label : node.label;
    const fields = report?.nodes.get(slug)?.inputTypes[inputs[0]?.name ?? ""]?.fields ?? [];
    return [{ slug, label, category, icon, hasInput: inputs.length > 0, hasOutput, fields }];
  });
  const order = new Map(nodes.map((node) => [node.slug, document?.layout.nodes[node.slug]?.x ?? 0]));
  const sorted = nodes.toSorted((a, b) => (order.get(a.slug) ?? 0) - (order.get(b.slug) ?? 0));
  const tables = new Set(graphNodes.filter(([, node]) => node.type === liveTableType).map(([slug]) => slug));
  const bySlug = new Map(nodes.map((node) => [node.slug, node]));
  return {
    document,
    nodes: sorted,
    liveTables: sorted.filter((node) => tables.has(node.slug)),
    labelOf: (slug) => bySlug.get(slug)?.label ?? slug,
    fieldsOf: (slug) => bySlug.get(slug)?.fields ?? [],
  };
}
