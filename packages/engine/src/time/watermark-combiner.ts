import { noWatermark } from "./watermark.ts";

interface Channel {
  watermark: number;
  active: boolean;
  /** Counts in the minimum; false from going idle until the watermark has caught up with the output. */
  aligned: boolean;
}

/** What a change of one input means for the operator. Absent members: no change. */
export interface CombinedChange {
  readonly watermark?: number;
  readonly status?: "idle" | "active";
}

const nothing: CombinedChange = {};

/**
 * Combines the watermarks and the idleness of several inputs into those of an operator, as Flink's
 * StatusWatermarkValve does: the minimum over aligned inputs; idle inputs do not hold it back; the
 * output never goes back.
 */
export class WatermarkCombiner {
  readonly #channels: Channel[];
  #output = noWatermark;
  #idle = false;

  constructor(inputs: number) {
    this.#channels = Array.from({ length: inputs }, () => ({ watermark: noWatermark, active: true, aligned: true }));
  }

  /** The combined watermark. */
  get watermark(): number {
    return this.#output;
  }

  get idle(): boolean {
    return this.#idle;
  }

  /** Watermark of one input. */
  inputWatermark(input: number): number {
    return this.#channels[input].watermark;
  }

  /** A watermark arrived on `input`. */
  advance(input: number, watermark: number): CombinedChange {
    const channel = this.#channels[input];
    if (!channel.active || watermark <= channel.watermark) return nothing;
    channel.watermark = watermark;
    if (!channel.aligned && watermark >= this.#output) channel.aligned = true;
    return this.#advanceToMinimum();
  }

  /** What the combined watermark would be after `advance`. */
  ahead(input: number, watermark: number): number {
    const one = this.#channels[input];
    if (!one.active || watermark <= one.watermark) return this.#output;
    let any = one.aligned || watermark >= this.#output;
    let minimum = any ? watermark : Number.POSITIVE_INFINITY;
    for (const other of this.#channels) {
      if (other === one || !other.aligned) continue;
      any = true;
      if (other.watermark < minimum) minimum = other.watermark;
    }
    return any ? Math.max(minimum, this.#output) : this.#output;
  }

  /** `input` went idle. */
  markIdle(input: number): CombinedChange {
    const channel = this.#channels[input];
    if (!channel.active) return nothing;
    channel.active = false;
    channel.aligned = false;
    if (this.#channels.some((other) => other.active)) return this.#advanceToMinimum();
    this.#idle = true;
    if (channel.watermark !== this.#output) return { status: "idle" };
    const most = Math.max(...this.#channels.map((other) => other.watermark));
    if (most <= this.#output) return { status: "idle" };
    this.#output = most;
    return { watermark: most, status: "idle" };
  }

  /** `input` has records again. */
  markActive(input: number): CombinedChange {
    const channel = this.#channels[input];
    if (channel.active) return nothing;
    channel.active = true;
    if (channel.watermark >= this.#output) channel.aligned = true;
    if (!this.#idle) return nothing;
    this.#idle = false;
    return { status: "active" };
  }

  /** Everything that must survive a restart, as numbers (see `restore`). */
  snapshot(): number[] {
    const state = [this.#output, this.#idle ? 1 : 0];
    for (const channel of this.#channels) state.push(channel.watermark, channel.active ? 1 : 0, channel.aligned ? 1 : 0);
    return state;
  }

  /** Takes what `snapshot` gave; ignored when the number of inputs has changed, but for the output watermark. */
  restore(state: readonly number[]): void {
    this.#output = state[0];
    this.#idle = state[1] === 1;
    if (state.length !== 2 + this.#channels.length * 3) {
      this.#idle = false;
      return;
    }
    this.#channels.forEach((channel, i) => {
      channel.watermark = state[2 + i * 3];
      channel.active = state[3 + i * 3] === 1;
      channel.aligned = state[4 + i * 3] === 1;
    });
  }

  #advanceToMinimum(): CombinedChange {
    let minimum = Number.POSITIVE_INFINITY;
    let any = false;
    for (const channel of this.#channels) {
      if (!channel.aligned) continue;
      any = true;
      if (channel.watermark < minimum) minimum = channel.watermark;
    }
    if (!any || minimum <= this.#output) return nothing;
    this.#output = minimum;
    return { watermark: minimum };
  }
}
