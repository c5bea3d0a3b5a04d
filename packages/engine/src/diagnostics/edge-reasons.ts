import { quote } from "./import-reasons.ts";

/** Why an edge cannot be: the end of a sentence that names the edge, without a full stop. */
export const edgeReasons = {
  malformed: (a: { readonly end: string }) => `${quote(a.end)} is not of the form node.port`,
  noNode: (a: { readonly node: string }) => `there is no node ${quote(a.node)}`,
  noPort: (a: { readonly node: string; readonly port: string; readonly side: "input" | "output"; readonly ports: readonly string[] }) =>
    a.ports.length === 0
      ? `${a.node} has no ${a.side}`
      : `${a.node} has no ${a.side} port ${quote(a.port)}; there ${a.ports.length === 1 ? "is" : "are"} ${a.ports.join(", ")}`,
  startsAtInput: (a: { readonly node: string; readonly port: string }) => `it starts at ${a.node}.${a.port}, which is an input port`,
  endsAtOutput: (a: { readonly node: string; readonly port: string }) => `it ends at ${a.node}.${a.port}, which is an output port`,
  duplicate: () => "it stands twice",
  selfLoop: (a: { readonly node: string }) => `it leads from ${a.node} back to ${a.node}`,
  portTaken: (a: { readonly node: string; readonly port: string; readonly other: string }) =>
    `${a.node}.${a.port} takes one edge only and has one from ${a.other} already`,
  cycle: (a: { readonly nodes: readonly string[] }) => `it closes a cycle: ${[...a.nodes, a.nodes[0]].join(" → ")}`,
} as const;
