import type { Batch } from "../column/batch.ts";
import type { PlanStep } from "../plan/logical-plan.ts";
import { openSnapshot } from "../state/open-snapshot.ts";
import { SnapshotReader } from "../state/snapshot-reader.ts";
import { SnapshotWriter } from "../state/snapshot-writer.ts";
import { StateCapture } from "../state/state-capture.ts";
import { isStateLog } from "../state/state-log.ts";
import type { Clock } from "../time/clock.ts";
import { noWatermark } from "../time/watermark.ts";
import { type CombinedChange, WatermarkCombiner } from "../time/watermark-combiner.ts";
import { type Answered, type Asking, type Collector, type Operator, type OperatorGauges, passWatermark } from "./operator.ts";
import { PipelineFailure } from "./pipeline-run.ts";
import { runFailure } from "./run-failure.ts";

/** What records and watermarks can be handed to: an operator's host, or the way to another worker. */
export interface Receiver {
  readonly step: PlanStep;
  /** Records of this run, by input. */
  readonly receivedThisRun: Float64Array;
  /** `watermark`: the one of this input behind the batch, where it is known already; see `Collector.emit`. */
  receive(input: number, batch: Batch, watermark?: number): void;
  receiveWatermark(input: number, watermark: number): void;
  receiveIdle(input: number): void;
  receiveActive(input: number): void;
}

/** An input of another operator that a port feeds. */
export interface Target {
  readonly host: Receiver;
  readonly input: number;
}

/** Measures how long operators work, each without the time of those that it calls. */
export interface WorkTimer {
  enter(): void;
  /** Ends the innermost `enter` and returns its own milliseconds. */
  leave(): number;
}

const layoutVersion = 1;

/**
 * Runs one operator inside a dataflow: routes what it emits, combines the watermarks of its inputs,
 * counts records and time, and wraps its state for snapshots.
 */
export class OperatorHost implements Collector, Receiver {
  readonly step: PlanStep;
  readonly operator: Operator;
  readonly #targets: Target[][];
  readonly #combiner: WatermarkCombiner;
  readonly #timer: WorkTimer;
  /** Totals since the pipeline's first start. */
  readonly recordsIn: Float64Array;
  readonly recordsOut: Float64Array;
  /** Counts of this run alone, for the books. */
  readonly receivedThisRun: Float64Array;
  readonly emittedThisRun: Float64Array;
  /** What the operator said of itself before this run brought it anything. */
  booksAtStart: OperatorGauges | null = null;
  busyMs = 0;
  /** The input has gone idle, but records still wait for answers: what follows is told when they are out. */
  #isIdleHeld = false;
  /** Told of every batch on the `dead_letter` port. */
  onDeadLetters: (batch: Batch) => void = () => {};
  readonly #deadLetterPort: number;

  constructor(step: PlanStep, operator: Operator, inputs: number, timer: WorkTimer) {
    this.step = step;
    this.operator = operator;
    this.#targets = operator.ports.map(() => []);
    this.#deadLetterPort = operator.ports.indexOf("dead_letter");
    this.#combiner = new WatermarkCombiner(Math.max(1, inputs));
    this.#timer = timer;
    this.recordsIn = new Float64Array(Math.max(1, inputs));
    this.receivedThisRun = new Float64Array(Math.max(1, inputs));
    this.recordsOut = new Float64Array(operator.ports.length);
    this.emittedThisRun = new Float64Array(operator.ports.length);
  }

  /** Notes where the books stand, after state was restored and before the first record. */
  openBooks(): void {
    this.booksAtStart = this.operator.gauges();
  }

  /** Watermark after combining the inputs. */
  get watermark(): number {
    return this.#combiner.watermark;
  }

  /** Connects an output port; the port must exist. */
  connect(port: string, target: Target): void {
    this.#targets[this.portIndex(port)].push(target);
  }

  portIndex(port: string): number {
    const index = this.operator.ports.indexOf(port);
    if (index < 0) throw new Error(`operator ${this.step.id} has no port ${port}`);
    return index;
  }

  targets(port: number): readonly Target[] {
    return this.#targets[port];
  }

  emit(port: number, batch: Batch, watermark = noWatermark): void {
    if (batch.selected === 0) return;
    this.recordsOut[port] += batch.selected;
    this.emittedThisRun[port] += batch.selected;
    if (port === this.#deadLetterPort) this.onDeadLetters(batch);
    for (const target of this.#targets[port]) target.host.receive(target.input, batch, watermark);
  }

  receive(input: number, batch: Batch, watermark = noWatermark): void {
    this.recordsIn[input] += batch.selected;
    this.receivedThisRun[input] += batch.selected;
    const combined = watermark === noWatermark ? noWatermark : this.#combiner.ahead(input, watermark);
    this.#guarded(() => this.operator.onBatch(input, batch, this, combined));
  }

  receiveWatermark(input: number, watermark: number): void {
    if (this.operator.onInputWatermark !== undefined) {
      this.#guarded(() => this.operator.onInputWatermark?.(input, watermark, this));
    }
    this.#apply(this.#combiner.advance(input, watermark));
  }

  receiveIdle(input: number): void {
    this.#apply(this.#combiner.markIdle(input));
  }

  receiveActive(input: number): void {
    this.#apply(this.#combiner.markActive(input));
  }

  processingTime(nowMs: number): void {
    if (this.operator.onProcessingTime === undefined) return;
    this.#guarded(() => this.operator.onProcessingTime?.(nowMs, this));
  }

  /** Brings answers to the operator and forwards what they set free. Returns whether anything was. */
  settle(asking: Asking, answered: readonly Answered[], nowMs: number): boolean {
    if (answered.length > 0) this.#guarded(() => asking.answer(answered, nowMs));
    else if (!asking.waiting) return false;
    let isMoved = answered.length > 0;
    for (;;) {
      const watermark = this.#guarded(() => asking.advance(this));
      if (watermark === null) break;
      isMoved = true;
      this.forwardWatermark(watermark);
    }
    if (this.#isIdleHeld && !asking.waiting) {
      this.#isIdleHeld = false;
      this.forwardStatus("idle");
    }
    return isMoved;
  }

  /** Forwards a watermark to everything downstream, as sources do. */
  forwardWatermark(watermark: number): void {
    for (const targets of this.#targets) for (const target of targets) target.host.receiveWatermark(target.input, watermark);
  }

  forwardStatus(status: "idle" | "active"): void {
    for (const targets of this.#targets) {
      for (const { host, input } of targets) {
        if (status === "idle") host.receiveIdle(input);
        else host.receiveActive(input);
      }
    }
  }

  /** Operator state with the counters and the watermarks around it, as it is now; see `StateCapture` for its rows. */
  capture(): StateCapture {
    const writer = new SnapshotWriter();
    writer.u32(layoutVersion);
    writer.f64Array(this.recordsIn);
    writer.f64Array(this.recordsOut);
    writer.f64Array(Float64Array.from(this.#combiner.snapshot()));
    this.operator.snapshot(writer);
    return new StateCapture(writer);
  }

  /** Stands where another host of the same step stands, without its state. `isCounted`: with what the other has counted. */
  standAs(other: OperatorHost, isCounted: boolean): void {
    this.#combiner.restore(other.#combiner.snapshot());
    if (!isCounted) return;
    copyOver(this.recordsIn, other.recordsIn);
    copyOver(this.recordsOut, other.recordsOut);
  }

  /**
   * Reads a log of snapshots, or the single snapshot of before there were logs. `withState` false: only the counters are
   * taken over, the operator starts empty. `aggregates`: which of them were written, as in `SnapshotReader`. Returns whether
   * the log can be gone on with.
   */
  restore(bytes: Uint8Array, withState: boolean, aggregates: readonly number[] | null = null): boolean {
    const isLog = isStateLog(bytes);
    const reader = isLog ? openSnapshot(bytes, aggregates) : new SnapshotReader(bytes, undefined, aggregates);
    const version = reader.u32();
    if (version !== layoutVersion) throw new Error(`state of ${this.step.id} has layout ${version}, this version reads ${layoutVersion}`);
    copyOver(this.recordsIn, reader.f64Array());
    copyOver(this.recordsOut, reader.f64Array());
    const watermarks = reader.f64Array();
    if (!withState) return false;
    this.#combiner.restore([...watermarks]);
    this.operator.restore(reader);
    return isLog && aggregates === null;
  }

  /** Times the call, and names this operator in whatever it throws. */
  #guarded<T>(call: () => T): T {
    this.#timer.enter();
    try {
      return call();
    } catch (cause) {
      if (cause instanceof PipelineFailure) throw cause;
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw runFailure("OPERATOR_FAILED", { operator: this.step.id, reason }, { node: this.step.node, retryable: true, cause });
    } finally {
      this.busyMs += this.#timer.leave();
    }
  }

  #apply(change: CombinedChange): void {
    if (change.status === "active") {
      if (!this.#isIdleHeld) this.forwardStatus("active");
      this.#isIdleHeld = false;
    }
    if (change.watermark !== undefined) {
      const { watermark } = change;
      const passes = this.operator.onWatermark === passWatermark;
      this.forwardWatermark(passes ? watermark : this.#guarded(() => this.operator.onWatermark(watermark, this)));
    }
    if (change.status === "idle") {
      this.#isIdleHeld = this.operator.asking?.waiting === true;
      if (!this.#isIdleHeld) this.forwardStatus("idle");
    }
  }
}

function copyOver(into: Float64Array, from: Float64Array): void {
  into.set(from.subarray(0, into.length));
}

/** A `WorkTimer` on a monotonic clock. */
export function createWorkTimer(clock: Clock): WorkTimer {
  const starts: number[] = [];
  const nested: number[] = [];
  return {
    enter() {
      starts.push(clock.monotonic());
      nested.push(0);
    },
    leave() {
      const total = clock.monotonic() - (starts.pop() ?? 0);
      const own = total - (nested.pop() ?? 0);
      if (nested.length > 0) nested[nested.length - 1] += total;
      return own;
    },
  };
}
