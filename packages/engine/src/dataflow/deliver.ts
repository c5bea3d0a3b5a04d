import { FencedError } from "../checkpoint/checkpoint-store.ts";
import { joinBytes } from "../column/join-bytes.ts";
import { ConnectorError } from "../connector/connector-error.ts";
import type { Delivery, SinkWriter } from "../connector/sink-port.ts";
import type { Clock } from "../time/clock.ts";
import { PipelineFailure, type RunEvent } from "./pipeline-run.ts";
import { storeFailure } from "./run-checkpoints.ts";
import { runFailure } from "./run-failure.ts";
import type { StagedRecords } from "./sink-stage.ts";

const firstPauseMs = 200;
const longestPauseMs = 5000;

/** One sink of a run: where it is in the plan and the writer that is open for it. */
export interface OpenSink {
  readonly sinkId: string;
  readonly node: string;
  readonly writer: SinkWriter;
}

/** Records of a sink for a checkpoint, and which of them it was not offered before. */
export type Staged = StagedRecords & Pick<Delivery, "rest">;

/** What was staged for a sink, put together when it asks for it in one piece. */
export class StagedDelivery implements Delivery {
  readonly checkpoint: number;
  readonly fencingToken: number;
  readonly pieces: readonly Uint8Array[];
  readonly records: number;
  declare readonly rest?: NonNullable<Delivery["rest"]>;
  #bytes: Uint8Array | null = null;

  constructor(checkpoint: number, fencingToken: number, { pieces, records, rest }: Staged) {
    this.checkpoint = checkpoint;
    this.fencingToken = fencingToken;
    this.pieces = pieces;
    this.records = records;
    if (rest !== undefined) this.rest = rest;
  }

  get bytes(): Uint8Array {
    this.#bytes ??= joinBytes(this.pieces);
    return this.#bytes;
  }
}

interface DeliverOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onEvent: (event: RunEvent) => void;
}

/**
 * Delivers one checkpoint's records to one sink, trying again with growing pauses while the failure can pass.
 * Rejects with a `PipelineFailure` when it cannot, and resolves `false` when `signal` aborts first.
 */
export async function deliver(sink: OpenSink, delivery: Delivery, options: DeliverOptions): Promise<boolean> {
  const delivered = await untilTaken(sink, () => sink.writer.deliver(delivery), options);
  if (delivered) options.onEvent({ kind: "delivered", sink: sink.sinkId, checkpoint: delivery.checkpoint, records: delivery.records });
  return delivered;
}

/** Repeats a write to a sink as `deliver` does, until it is taken. */
export async function untilTaken(sink: OpenSink, write: () => Promise<void>, options: DeliverOptions): Promise<boolean> {
  let pauseMs = firstPauseMs;
  let failing = false;
  while (!options.signal.aborted) {
    try {
      await write();
      if (failing) options.onEvent({ kind: "sink-problem", sink: sink.sinkId, problem: null });
      return true;
    } catch (cause) {
      if (cause instanceof FencedError) throw storeFailure(cause);
      if (!(cause instanceof ConnectorError))
        throw runFailure("SINK_FAILED", { reason: String(cause) }, { node: sink.node, retryable: true, cause });
      if (!cause.retryable) throw new PipelineFailure(cause.code, sink.node, cause.message, false, cause);
      failing = true;
      options.onEvent({ kind: "sink-problem", sink: sink.sinkId, problem: { code: cause.code, message: cause.message } });
      await options.clock.sleep(pauseMs, options.signal);
      pauseMs = Math.min(longestPauseMs, pauseMs * 2);
    }
  }
  return false;
}
