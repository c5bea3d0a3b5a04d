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
  const { pipelineId, sinkId } = context;
  const marker = redisKeys.delivered(pipelineId, sinkId);
  /** Checkpoint 0: the rows belong to none yet. */
  const append = async (checkpoint: number, fencingToken: number, bytes: Uint8Array): Promise<void> => {
    const rows = splitRecords(bytes, cap).map(rowOf);
    let answer: string;
    try {
      answer = String(await redis.eval(redisRowsScript, 2, marker, stream, checkpoint, fencingToken, cap, "sink", nodeOf(sinkId), ...rows));
    } catch (cause) {
      const message = `Redis did not take the rows of ${sinkId}: ${String(cause)}`;
      throw new ConnectorError("REDIS_WRITE_FAILED", message, { retryable: true, cause });
    }
    if (answer.startsWith("fenced:")) throw new FencedError(fencingToken, Number(answer.slice("fenced:".length)), "sink");
  };
  return {
    async delivered() {
      const value = await redis.get(marker);
      // 0: rows were only ever written at once.
      return value === null ? null : Number(value.split(":")[0]) || null;
    },
    deliver: ({ checkpoint, fencingToken, bytes }) => append(checkpoint, fencingToken, bytes),
    writeNow: ({ fencingToken, bytes }) => append(0, fencingToken, bytes),
    async close() {},
  };
}

/** Slug of the node that an operator came from: ids of operators are `<slug>:<operator>`. */
function nodeOf(operatorId: string): string {
  return operatorId.split(":")[0];
}
