import { checkGraph, contentHash, type LogicalPlan, parsePipeline, planGraph } from "@millrace/engine";
import { RandomSource } from "@millrace/engine/testing";
import { catalogue } from "@millrace/nodes";

/** A pipeline, as a job carries it and as it is planned. */
export interface SimPipeline {
  readonly text: string;
  readonly plan: LogicalPlan;
  readonly graphHash: string;
}

const payments = {
  path: "payments",
  fields: [
    { name: "id", type: "string" },
    { name: "at", type: "timestamp" },
    { name: "card", type: "string" },
    { name: "amount", type: "bigint" },
  ],
  timeField: "at",
  disorder: "2s",
};
const profiles = {
  path: "profiles",
  fields: [
    { name: "card", type: "string" },
    { name: "at", type: "timestamp" },
    { name: "tier", type: "string" },
  ],
  timeField: "at",
  disorder: "0s",
};

interface NodeJson {
  readonly type: string;
  readonly version: 1;
  readonly params: object;
}

const nodes = {
  payments: { type: "file-source", version: 1, params: payments },
  profiles: { type: "file-source", version: 1, params: profiles },
  once: { type: "deduplicate", version: 1, params: { keyBy: ["id"], keep: "first", ttl: "10m" } },
  enriched: { type: "temporal-join", version: 1, params: { leftKeys: ["card"], rightKeys: ["card"], kind: "left" } },
  velocity: {
    type: "look-back",
    version: 1,
    params: { keyBy: ["card"], range: "30s", aggregates: [{ as: "recent", fn: "count" }] },
  },
  perCard: {
    type: "tumbling-window",
    version: 1,
    params: {
      keyBy: ["card"],
      size: "10s",
      aggregates: [
        { as: "spent", fn: "sum", argument: "amount" },
        { as: "payments", fn: "count" },
      ],
    },
  },
  large: { type: "filter", version: 1, params: { where: "amount > 300" } },
  scored: { type: "file-sink", version: 1, params: { path: "topic" } },
  audit: { type: "file-sink", version: 1, params: { path: "topic" } },
  totals: { type: "file-sink", version: 1, params: { path: "database" } },
  broken: { type: "file-sink", version: 1, params: { path: "redis" } },
} satisfies Record<string, NodeJson>;

const edges = [
  ["enriched.out", "velocity.in"],
  ["large.out", "audit.in"],
  ["once.out", "enriched.left"],
  ["once.out", "large.in"],
  ["once.out", "per_card.in"],
  ["payments.dead_letter", "broken.in"],
  ["payments.out", "once.in"],
  ["per_card.out", "totals.in"],
  ["profiles.out", "enriched.right"],
  ["velocity.out", "scored.in"],
] as const;

/** The pipeline of the simulation; the second version has lost its windows and their sink. */
export function simPipeline(version: 1 | 2): SimPipeline {
  const { perCard, totals, ...rest } = nodes;
  const kept = version === 1 ? { ...rest, per_card: perCard, totals } : rest;
  const text = JSON.stringify({
    formatVersion: 1,
    pipeline: {
      id: "payments",
      name: "Payments",
      nodes: kept,
      edges: edges
        .filter(([from, to]) => version === 1 || !(`${from} ${to}`.includes("per_card") || to.startsWith("totals")))
        .map(([from, to]) => ({ from, to })),
    },
  });
  const parsed = parsePipeline(text, catalogue);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics));
  const { checked, diagnostics } = checkGraph(parsed.value.pipeline, catalogue);
  if (checked === null) throw new Error(JSON.stringify(diagnostics));
  const plan = planGraph(checked);
  if (!plan.ok) throw new Error(JSON.stringify(plan.diagnostics));
  return { text, plan: plan.value, graphHash: contentHash(parsed.value.pipeline, catalogue) };
}

export const inputs = 16;
const startMs = 1_700_000_000_000;

/** A topic and what is in each of its partitions. */
export type TopicContents = ReadonlyMap<string, readonly (readonly string[])[]>;

/** What the topics hold: payments with repeats, disorder within the bound and lines that are no record, and profiles of their cards. */
export function simTopics(input: number): TopicContents {
  const random = new RandomSource(input + 77);
  const cards = Array.from({ length: 5 }, (_, i) => `card-${i}`);
  const paid: [string[], string[]] = [[], []];
  const known: string[] = [];
  let nowMs = startMs;
  for (let i = 0; i < 40; i++) {
    nowMs += random.below(2500);
    const card = random.below(cards.length);
    const partition = paid[card % 2];
    const id = `payment-${String(i).padStart(6, "0")}-${"0123456789abcdef".repeat(2)}`;
    const line = JSON.stringify({ id, at: nowMs - random.below(2000), card: cards[card], amount: 1 + random.below(500) });
    partition.push(line);
    if (random.chance(0.1)) partition.push(line);
    if (random.chance(0.06)) partition.push(random.pick(['{"id":', "no record", '{"amount":"much"}']));
    if (random.chance(0.3)) known.push(JSON.stringify({ card: random.pick(cards), at: nowMs, tier: random.pick(["gold", "basic"]) }));
  }
  return new Map([
    ["payments", paid],
    ["profiles", [known]],
  ]);
}
