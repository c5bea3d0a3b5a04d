/** Names of nodes and of ports in pipeline JSON. */
export const slugForm = /^[a-z][a-z0-9_]{0,62}$/;

/** Names of pipelines; they stand in Redis keys, topics and file names. */
export const pipelineIdForm = /^[a-z][a-z0-9_-]{0,62}$/;

/** One end of an edge. */
export interface PortRef {
  readonly node: string;
  readonly port: string;
}

/** Takes `node.port` apart; null when the text is not of that form. */
export function parsePortRef(text: string): PortRef | null {
  const dot = text.indexOf(".");
  const node = text.slice(0, dot);
  const port = text.slice(dot + 1);
  return dot > 0 && slugForm.test(node) && slugForm.test(port) ? { node, port } : null;
}

/** `node.port`. */
export function writePortRef(ref: PortRef): string {
  return `${ref.node}.${ref.port}`;
}

/** Order by UTF-16 units, the same everywhere; for `sort`. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
