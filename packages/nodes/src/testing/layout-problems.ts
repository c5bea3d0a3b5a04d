import type { Catalogue, Graph, Layout } from "@millrace/engine";

const card = { width: 224, height: 96 };
/** Points by which an edge is approximated. */
const pieces = 24;

interface Point {
  readonly x: number;
  readonly y: number;
}

interface Box extends Point {
  readonly id: string;
  readonly width: number;
  readonly height: number;
}

interface DrawnEdge {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly points: readonly Point[];
}

/** Pairs of cards and notes that overlap. */
export function overlaps(layout: Layout): string[] {
  const boxes: Box[] = [...cards(layout), ...layout.notes];
  return boxes.flatMap((a, i) =>
    boxes
      .slice(i + 1)
      .filter((b) => overlap(a, b))
      .map((b) => `${a.id} and ${b.id}`),
  );
}

/** Pairs of edges that cross. */
export function crossings(graph: Graph, layout: Layout, catalogue: Catalogue): string[] {
  const edges = drawn(graph, layout, catalogue);
  return edges.flatMap((a, i) =>
    edges
      .slice(i + 1)
      .filter((b) => a.from !== b.from && a.to !== b.to && pathsCross(a.points, b.points))
      .map((b) => `${a.name} and ${b.name}`),
  );
}

/** Edges that run through a card or a note that is not at one of their ends. */
export function edgesThroughCards(graph: Graph, layout: Layout, catalogue: Catalogue): string[] {
  const boxes: Box[] = [...cards(layout), ...layout.notes];
  return drawn(graph, layout, catalogue).flatMap((edge) =>
    boxes
      .filter((box) => box.id !== edge.from.split(".")[0] && box.id !== edge.to.split(".")[0])
      .filter((box) => edge.points.some((point) => inside(point, box)))
      .map((box) => `${edge.name} through ${box.id}`),
  );
}

function cards(layout: Layout): Box[] {
  return Object.entries(layout.nodes).map(([id, at]) => ({ id, ...at, ...card }));
}

function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

function inside(point: Point, box: Box): boolean {
  return point.x > box.x && point.x < box.x + box.width && point.y > box.y && point.y < box.y + box.height;
}

/** Edges as the curves that the canvas draws: out of the right side, or out of the bottom for side ports, into the left side. */
function drawn(graph: Graph, layout: Layout, catalogue: Catalogue): DrawnEdge[] {
  return graph.edges.map(({ from, to }) => {
    const [fromNode, fromPort] = from.split(".");
    const a = layout.nodes[fromNode];
    const b = layout.nodes[to.split(".")[0]];
    const outputs = catalogue.find(graph.nodes[fromNode].type)?.outputs ?? [];
    const side = typeof outputs !== "function" && outputs.find((port) => port.name === fromPort)?.side === true;
    const start = side ? { x: a.x + card.width / 2, y: a.y + card.height } : { x: a.x + card.width, y: a.y + card.height / 2 };
    const end = { x: b.x, y: b.y + card.height / 2 };
    const bend = Math.max(32, (end.x - start.x) / 2);
    const startPull = side ? { x: start.x, y: start.y + bend } : { x: start.x + bend, y: start.y };
    return { name: `${from}>${to}`, from, to, points: bezier(start, startPull, { x: end.x - bend, y: end.y }, end) };
  });
}

function bezier(a: Point, b: Point, c: Point, d: Point): Point[] {
  return Array.from({ length: pieces + 1 }, (_, i) => {
    const t = i / pieces;
    const s = 1 - t;
    const at = (pa: number, pb: number, pc: number, pd: number) =>
      s * s * s * pa + 3 * s * s * t * pb + 3 * s * t * t * pc + t * t * t * pd;
    return { x: at(a.x, b.x, c.x, d.x), y: at(a.y, b.y, c.y, d.y) };
  });
}

function pathsCross(a: readonly Point[], b: readonly Point[]): boolean {
  for (let i = 1; i < a.length; i++) {
    for (let k = 1; k < b.length; k++) if (segmentsCross(a[i - 1], a[i], b[k - 1], b[k])) return true;
  }
  return false;
}

function segmentsCross(a: Point, b: Point, c: Point, d: Point): boolean {
  return turn(a, b, c) * turn(a, b, d) < 0 && turn(c, d, a) * turn(c, d, b) < 0;
}

function turn(a: Point, b: Point, c: Point): number {
  return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}
