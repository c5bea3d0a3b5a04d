import { deploymentState } from "@millrace/protocol";
import { Gauge, Registry } from "prom-client";
import type { RunningDeployment } from "../supervisor/supervisor.ts";

const nodeGauges = [
  ["millrace_node_records_in", "Records into a node since the deployment's first start", "recordsIn"],
  ["millrace_node_records_out", "Records out of a node's main ports since the deployment's first start", "recordsOut"],
  ["millrace_node_records_in_per_second", "Records a second into a node over the last second", "inPerSecond"],
  ["millrace_node_records_out_per_second", "Records a second out of a node over the last second", "outPerSecond"],
  ["millrace_node_late_records", "Records that came too late for a node", "late"],
  ["millrace_node_dead_lettered_records", "Records that a node could not use", "deadLettered"],
  ["millrace_node_busy_ratio", "Share of the last second in which a node worked", "busy"],
  ["millrace_node_back_pressured_ratio", "Share of the last second in which a node had to wait for what is behind it", "backPressured"],
  ["millrace_node_state_keys", "Keys in a node's state", "stateKeys"],
  ["millrace_node_state_bytes", "Bytes of a node's state", "stateBytes"],
] as const;

/** The Prometheus text of all deployments of a runtime as of now, and whether Redis can be reached. */
export async function prometheusText(deployments: readonly RunningDeployment[], redisReady: boolean, nowMs: number): Promise<string> {
  const registry = new Registry();
  gauge(registry, "millrace_redis_up", "1 when Redis can be reached", []).set(redisReady ? 1 : 0);
  gauge(registry, "millrace_deployments", "Deployments that this runtime runs", []).set(deployments.length);
  const labels = ["pipeline", "deployment"];
  const state = gauge(registry, "millrace_deployment_state", "1 for the state that a deployment is in", [...labels, "state"]);
  const restarts = gauge(registry, "millrace_deployment_restarts", "Restarts of a deployment's process since its first start", labels);
  for (const { status } of deployments) {
    if (status === null) continue;
    const own = { pipeline: status.pipelineId, deployment: status.deploymentId };
    for (const name of deploymentState.options) state.set({ ...own, state: name }, name === status.state ? 1 : 0);
    restarts.set(own, status.restarts);
  }
  setCheckpoints(registry, deployments);
  setNodes(registry, deployments, nowMs);
  return await registry.metrics();
}

function setCheckpoints(registry: Registry, deployments: readonly RunningDeployment[]): void {
  const labels = ["pipeline", "deployment"];
  const number = gauge(registry, "millrace_checkpoint_number", "Newest committed checkpoint", labels);
  const age = gauge(registry, "millrace_checkpoint_age_seconds", "Age of the newest committed checkpoint", labels);
  const duration = gauge(registry, "millrace_checkpoint_duration_seconds", "How long the newest checkpoint took", labels);
  const bytes = gauge(registry, "millrace_checkpoint_bytes", "Size of the newest checkpoint", labels);
  const unaccounted = gauge(
    registry,
    "millrace_unaccounted_records",
    "Records whose whereabouts are unknown at the newest checkpoint; always 0",
    labels,
  );
  for (const { frame } of deployments) {
    if (frame === null) continue;
    const own = { pipeline: frame.pipelineId, deployment: frame.deploymentId };
    number.set(own, frame.checkpoint.number);
    if (frame.checkpoint.ageMs !== null) age.set(own, frame.checkpoint.ageMs / 1000);
    if (frame.checkpoint.durationMs !== null) duration.set(own, frame.checkpoint.durationMs / 1000);
    bytes.set(own, frame.checkpoint.bytes);
    unaccounted.set(own, frame.unaccounted);
  }
}

function setNodes(registry: Registry, deployments: readonly RunningDeployment[], nowMs: number): void {
  const labels = ["pipeline", "deployment", "node"];
  const gauges = nodeGauges.map(([name, help, member]) => ({ member, gauge: gauge(registry, name, help, labels) }));
  const lag = gauge(registry, "millrace_node_watermark_lag_seconds", "How far a node's event-time watermark is behind the clock", labels);
  for (const { frame } of deployments) {
    if (frame === null) continue;
    for (const [node, metrics] of Object.entries(frame.nodes)) {
      const own = { pipeline: frame.pipelineId, deployment: frame.deploymentId, node };
      for (const { member, gauge } of gauges) gauge.set(own, metrics[member]);
      if (metrics.watermarkMs !== null) lag.set(own, (nowMs - metrics.watermarkMs) / 1000);
    }
  }
}

function gauge(registry: Registry, name: string, help: string, labelNames: string[]): Gauge {
  return new Gauge({ name, help, labelNames, registers: [registry] });
}
