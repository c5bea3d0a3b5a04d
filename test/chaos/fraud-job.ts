import type { DeploymentJob } from "@millrace/protocol";
import { disorderMs } from "./payments.ts";

/** Names of what the pipeline reads and writes. */
export const chaosTopics = { payments: "payments", profiles: "profiles", scored: "scored" } as const;
export const chaosTable = "chaos_scored";
export const chaosPipelineId = "chaos-fraud";

/** The fraud score over Kafka, into a topic and a table. */
export function fraudJob(deployment: number): DeploymentJob {
  const text = (name: string) => ({ name, type: "string" });
  const time = { name: "at", type: "timestamp" };
  const score = `LEAST(100, CASE WHEN tier IS NULL THEN 30 ELSE CASE WHEN blocked THEN 60 ELSE 0 END
    + CASE WHEN amount > 3 * usual_amount THEN 40 ELSE 0 END + CASE WHEN tier = 'new' THEN 10 ELSE 0 END END
    + CASE WHEN recent_count >= 20 THEN 30 ELSE 0 END)`;
  const columns = ["transaction_id", "customer_id", "at", "recent_count", "recent_sum", "tier"];
  const source = (topics: string, fields: readonly object[], disorder: string) => ({
    type: "kafka-source",
    version: 1,
    params: { connection: "cluster", topics, fields: [...fields, time], timeField: "at", disorder, idleTimeout: null },
  });
  const nodes = {
    payments: source(
      chaosTopics.payments,
      [text("transaction_id"), text("customer_id"), { name: "amount", type: "bigint" }],
      `${disorderMs / 1000}s`,
    ),
    profiles: source(
      chaosTopics.profiles,
      [text("customer_id"), text("tier"), { name: "usual_amount", type: "bigint" }, { name: "blocked", type: "boolean" }],
      "0s",
    ),
    once: { type: "deduplicate", version: 1, params: { keyBy: ["transaction_id"], ttl: "10m" } },
    velocity: {
      type: "look-back",
      version: 1,
      params: {
        keyBy: ["customer_id"],
        range: "1h",
        aggregates: [
          { as: "recent_count", fn: "count" },
          { as: "recent_sum", fn: "sum", argument: "amount" },
        ],
      },
    },
    profile: { type: "temporal-join", version: 1, params: { leftKeys: ["customer_id"], rightKeys: ["customer_id"] } },
    score: {
      type: "map-fields",
      version: 1,
      params: { mode: "keep", fields: [...columns.map((name) => ({ name, value: `\`${name}\`` })), { name: "score", value: score }] },
    },
    scored: { type: "kafka-sink", version: 1, params: { connection: "cluster", topic: chaosTopics.scored, key: "customer_id" } },
    table: { type: "postgres-sink", version: 1, params: { connection: "warehouse", table: chaosTable } },
  };
  const edges = [
    { from: "payments.out", to: "once.in" },
    { from: "once.out", to: "velocity.in" },
    { from: "velocity.out", to: "profile.left" },
    { from: "profiles.out", to: "profile.right" },
    { from: "profile.out", to: "score.in" },
    { from: "score.out", to: "scored.in" },
    { from: "score.out", to: "table.in" },
  ];
  const settings = { checkpointInterval: "500ms" };
  const document = { formatVersion: 1, pipeline: { id: chaosPipelineId, name: "Chaos", settings, nodes, edges } };
  const deploymentId = `${chaosPipelineId}-d${deployment}`;
  return {
    protocolVersion: 1,
    deploymentId,
    pipelineId: chaosPipelineId,
    version: deployment,
    pipeline: JSON.stringify(document),
    startFrom: "latest",
  };
}
