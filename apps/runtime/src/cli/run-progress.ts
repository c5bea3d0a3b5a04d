import type { PipelineRun } from "@millrace/engine";
import { systemClock } from "../system-clock.ts";
import type { Output } from "./output.ts";
import type { RunOptions } from "./run-options.ts";

const lookEveryMs = 100;
const lineEveryMs = 5000;
const redrawEveryMs = 500;

/** Watches a run: shows how far it is, and stops it when its sources have been idle for `untilIdleMs`. */
export class RunProgress {
  readonly #run: PipelineRun;
  readonly #sources: readonly string[];
  readonly #options: RunOptions;
  readonly #output: Output;
  readonly #timer: NodeJS.Timeout;
  #records = 0;
  #changedAt = systemClock.monotonic();
  #shown = { at: systemClock.monotonic(), records: 0, drawn: false };

  constructor(run: PipelineRun, sources: readonly string[], options: RunOptions, output: Output) {
    this.#run = run;
    this.#sources = sources;
    this.#options = options;
    this.#output = output;
    this.#timer = setInterval(() => this.#look(), lookEveryMs);
  }

  /** Stops watching; may be called twice. */
  end(): void {
    clearInterval(this.#timer);
    if (this.#shown.drawn) process.stderr.write("\r\u001b[K");
    this.#shown.drawn = false;
  }

  #look(): void {
    const now = systemClock.monotonic();
    const { nodes, checkpoint } = this.#run.metrics();
    const records = this.#sources.reduce((sum, node) => sum + (nodes[node]?.recordsIn ?? 0), 0);
    if (records !== this.#records) this.#changedAt = now;
    this.#records = records;
    const idleMs = this.#options.untilIdleMs;
    if (idleMs !== null && now - this.#changedAt >= idleMs) this.#run.stop({ drain: this.#options.drain });
    if (!this.#options.json) this.#show(now, records, checkpoint.number);
  }

  #show(now: number, records: number, checkpoint: number): void {
    const elapsedMs = now - this.#shown.at;
    if (elapsedMs < (this.#output.terminal ? redrawEveryMs : lineEveryMs)) return;
    const perSecond = Math.round(((records - this.#shown.records) / elapsedMs) * 1000);
    const line = `${records} records, ${perSecond} a second, checkpoint ${checkpoint}`;
    if (this.#output.terminal) process.stderr.write(`\r\u001b[K${line}`);
    else this.#output.note(line);
    this.#shown = { at: now, records, drawn: this.#output.terminal };
  }
}
