import { ConnectorError, FencedError, type SinkConnector, type SinkContext, type SinkWriter } from "@millrace/engine";
import { redisKeys, streamCaps } from "@millrace/protocol";
import type { Redis } from "ioredis";
import { z } from "zod";
import type { ConnectorHost } from "./connector-host.ts";
import { createHostRowsWriter } from "./host-rows-writer.ts";
import { redisRowsScript } from "./redis-rows-script.ts";
import { splitRecords } from "./split-records.ts";

/** Rows of a live table: a capped Redis stream that the web server shows. */
export function createLiveTableSink(host: ConnectorHost): SinkConnector {
  return createRedisRowsSink(host, (context) => redisKeys.liveTable(context.pipelineId, nodeOf(context.sinkId)), keptRows);
}

const keepRows = z.int().min(1).max(100_000);

function keptRows(context: SinkContext): number {
  const parsed = keepRows.safeParse(context.options.keepRows);
  return parsed.success ? parsed.data : streamCaps.liveTable;
}

/** Alerts of a pipeline: a capped Redis stream shared by all its alert inboxes. */
export function createAlertInboxSink(host: ConnectorHost): SinkConnector {
  return createRedisRowsSink(
    host,
    (context) => redisKeys.alerts(context.pipelineId),
    () => streamCaps.alerts,
  );
}

/** Dead letters of a pipeline: a capped Redis stream, each row with the deployment that met it. */
export function createDeadLetterSink(host: ConnectorHost, deploymentId: string): SinkConnector {
  return createRedisRowsSink(
    host,
    (context) => redisKeys.deadLetters(context.pipelineId),
    () => streamCaps.deadLetters,
    (row) => Buffer.from(JSON.stringify({ deploymentId, ...parseRow(row) })),
  );
}

/** The run wrote it: an object. */
function parseRow(row: Buffer): object {
  return JSON.parse(row.toString("utf8")) as object;
}

/** Exactly once: one script checks and sets the delivery marker and appends. Only the last `cap` rows of a checkpoint are sent at all. */
function createRedisRowsSink(
  host: ConnectorHost,
  stream: (context: SinkContext) => string,
  cap: (context: SinkContext) => number,
  rowOf: (row: Buffer) => Buffer = (row) => row,
): SinkConnector {
  return {
    guarantee: "exactly-once",
    async open(context) {
      const { redis } = host;
      return redis === null
        ? createHostRowsWriter(host, context.sinkId)
        : createWriter(redis, context, stream(context), cap(context), rowOf);
    },
  };
}

function createWriter(redis: Redis, context: SinkContext, stream: string, cap: number, rowOf: (row: Buffer) => Buffer): SinkWriter {
  const marker = redisKeys.delivered(context.pipelineId, context.sinkId);
  return {
    async delivered() {
      const value = await redis.get(marker);
      return value === null ? null : Number(value.split(":")[0]);
    },
    async deliver(delivery) {
      const rows = splitRecords(delivery.bytes, cap).map(rowOf);
      const { checkpoint, fencingToken } = delivery;
      let answer: string;
      try {
        answer = String(
          await redis.eval(redisRowsScript, 2, marker, stream, checkpoint, fencingToken, cap, "sink", nodeOf(context.sinkId), ...rows),
        );
      } catch (cause) {
        throw new ConnectorError("REDIS_WRITE_FAILED", `Redis did not take the rows of ${context.sinkId}: ${String(cause)}`, {
          retryable: true,
          cause,
        });
      }
      if (answer.startsWith("fenced:")) throw new FencedError(fencingToken, Number(answer.slice("fenced:".length)));
    },
    async close() {},
  };
}

/** Slug of the node that an operator came from: ids of operators are `<slug>:<operator>`. */
function nodeOf(operatorId: string): string {
  return operatorId.split(":")[0];
}
