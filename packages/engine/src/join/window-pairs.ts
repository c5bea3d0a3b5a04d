import type { Collector } from "../dataflow/operator.ts";
import { hasWindowFields, leftAlone } from "../plan/join-type.ts";
import type { PlannedOperator, PlanStep } from "../plan/logical-plan.ts";
import { endOfTime } from "../time/watermark.ts";
import type { SliceLayout } from "../window/slice-layout.ts";
import { JoinBuffer } from "./join-buffer.ts";
import { JoinEmitter } from "./join-emitter.ts";
import { type JoinKeys, nullKey } from "./join-keys.ts";

type WindowJoin = Extract<PlannedOperator, { op: "window-join" }>;

/** Records of both sides of a window join, and what comes of them when a window closes. */
export class WindowPairs {
  readonly left: JoinBuffer;
  readonly right: JoinBuffer;
  readonly sides: readonly JoinBuffer[];
  readonly #kind: WindowJoin["kind"];
  /** By side: its records come out without a partner too. */
  readonly #outer: readonly boolean[];
  readonly #layout: SliceLayout;
  readonly #emitter: JoinEmitter;
  readonly #writesWindow: boolean;

  constructor({ kind }: WindowJoin, step: PlanStep, keys: JoinKeys, layout: SliceLayout) {
    const [left, right] = step.inputs;
    this.#kind = kind;
    this.#outer = outerSides(kind);
    this.#layout = layout;
    this.left = new JoinBuffer(left.fields, keys);
    this.right = new JoinBuffer(right.fields, keys);
    this.sides = [this.left, this.right];
    this.#writesWindow = !hasWindowFields(left.fields);
    this.#emitter = new JoinEmitter(step, this.left.rows, this.right.rows, this.#writesWindow ? 2 : 0);
  }

  get size(): number {
    return this.left.size + this.right.size;
  }

  /** The time of the earliest record; infinite when there is none. */
  get firstMs(): number {
    return Math.min(...this.sides.map((buffer) => (buffer.first() < 0 ? endOfTime : buffer.rows.time[buffer.first()])));
  }

  /** Emits the rows of a window. */
  close(window: number, out: Collector): void {
    this.#join(window, out);
    this.#emitter.flush(out);
  }

  /** Drops the records that are in no window from this one on. */
  removeBefore(window: number): void {
    const endMs = this.#layout.windowStartMs(window) - 1;
    for (const buffer of this.sides) buffer.removeThrough(endMs);
  }

  #join(window: number, out: Collector): void {
    const startMs = this.#layout.windowStartMs(window);
    const endMs = this.#layout.windowEndMs(window);
    const { time } = this.left.rows;
    const rights = this.#kind === "not-in" ? this.#rightKeys(startMs, endMs) : "known";
    for (let left = this.left.atOrAfter(startMs); left >= 0 && time[left] < endMs; left = this.left.next(left)) {
      const key = this.left.keyOf(left);
      // NOT IN is neither TRUE nor FALSE where a NULL is compared.
      if (rights === "with-null" || (key === nullKey && rights === "some")) continue;
      const partner = this.#partner(this.right, key, startMs, endMs);
      if (partner < 0 ? this.#outer[0] : this.#kind === "semi") this.#emit(left, -1, startMs, endMs, out);
      else if (partner >= 0 && !leftAlone(this.#kind)) this.#emitPairs(left, partner, startMs, endMs, out);
    }
    if (this.#outer[1]) this.#emitRightAlone(startMs, endMs, out);
  }

  /** What NOT IN compares with in a window: nothing, some keys, or also a NULL. */
  #rightKeys(startMs: number, endMs: number): "none" | "some" | "with-null" {
    const { time } = this.right.rows;
    const first = this.right.atOrAfter(startMs);
    for (let right = first; right >= 0 && time[right] < endMs; right = this.right.next(right)) {
      if (this.right.keyOf(right) === nullKey) return "with-null";
    }
    return first >= 0 && time[first] < endMs ? "some" : "none";
  }

  /** The first record of a key in a window; -1 when there is none. */
  #partner(buffer: JoinBuffer, key: number, startMs: number, endMs: number): number {
    const found = buffer.ofKeyAtOrAfter(key, startMs);
    return found >= 0 && buffer.rows.time[found] < endMs ? found : -1;
  }

  #emitPairs(left: number, firstRight: number, startMs: number, endMs: number, out: Collector): void {
    const { time } = this.right.rows;
    for (let right = firstRight; right >= 0 && time[right] < endMs; right = this.right.nextOfKey(right)) {
      this.#emit(left, right, startMs, endMs, out);
    }
  }

  #emitRightAlone(startMs: number, endMs: number, out: Collector): void {
    const { time } = this.right.rows;
    for (let right = this.right.atOrAfter(startMs); right >= 0 && time[right] < endMs; right = this.right.next(right)) {
      if (this.#partner(this.left, this.right.keyOf(right), startMs, endMs) < 0) this.#emit(-1, right, startMs, endMs, out);
    }
  }

  #emit(left: number, right: number, startMs: number, endMs: number, out: Collector): void {
    if (this.#writesWindow) {
      this.#emitter.between(0)?.set(this.#emitter.rows, startMs);
      this.#emitter.between(1)?.set(this.#emitter.rows, endMs);
    }
    this.#emitter.add(left, right, endMs - 1, out);
  }
}

/** By side: whether its records come out without a partner too. */
export function outerSides(kind: WindowJoin["kind"]): readonly boolean[] {
  return [kind === "left" || kind === "full" || kind === "anti" || kind === "not-in", kind === "right" || kind === "full"];
}
