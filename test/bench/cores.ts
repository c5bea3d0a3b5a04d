import { loadavg } from "node:os";
import { createThreadWorkers } from "@millrace/runtime/workers";
import { collectGarbage } from "./collect-garbage.ts";
import { errorSpike } from "./error-spike.ts";
import { machineLine } from "./machine.ts";
import { median } from "./measure.ts";
import { planOf } from "./plan-of.ts";
import { type Spread, timePlan } from "./run-document.ts";
import type { Lines } from "./subject.ts";

/** Of the input: what is read before the clock starts. */
const warmUp = 1 / 3;
/** What two workers have to reach of one, on two cores that nothing else uses. */
const floor = 1.6;

export interface CoresFigures {
  readonly records: number;
  readonly workers: number;
  /** Millions of records per second of the wall clock, of each counted round, in order. */
  readonly one: readonly number[];
  readonly several: readonly number[];
  /** Of the medians. */
  readonly ratio: number;
  readonly floor: number;
  /** CPU time of several workers against that of one: below the number of workers by this is the most that cores can give. */
  readonly cpuRatio: number;
  /** Load of the machine over the last minute, before and after: where it is above 0, others took part of the cores. */
  readonly load: readonly [before: number, after: number];
}

/**
 * Scenario 1 from JSON bytes on one worker and on several, in turn, by the wall clock: CPU time would hide what threads
 * gain. The time that threads need to start and to compile their code is left out, as a deployment needs it once: the clock
 * starts when a third of the input has been read. Throws when rows differ.
 */
export async function benchCores(options: {
  readonly records: number;
  readonly rounds: number;
  readonly workers: number;
  readonly say: (line: string) => void;
}): Promise<CoresFigures> {
  const { records, rounds, workers, say } = options;
  const before = loadavg()[0];
  const plan = planOf(errorSpike.document);
  const input = errorSpike.input(Math.round(records / (1 - warmUp)));
  say(`${machineLine()}; load ${before.toFixed(1)}`);
  say(`${errorSpike.title}, ${records} records, on 1 worker and on ${workers}`);
  const measured = { one: [] as number[], several: [] as number[], cpu: [] as number[] };
  for (let round = 0; round <= rounds; round++) {
    collectGarbage();
    const alone = await timePlan(plan, input, {}, warmUp);
    const spread: Spread = { parallelism: workers, workers: createThreadWorkers() };
    collectGarbage();
    const shared = await timePlan(plan, input, spread, warmUp);
    const [one, several] = [alone, shared].map(({ wallMs }) => records / wallMs / 1000);
    if (textOf(alone.lines) !== textOf(shared.lines)) throw new Error(`${workers} workers give other rows than one, so no figure counts.`);
    if (round === 0) say("outputs are equal");
    else {
      measured.one.push(one);
      measured.several.push(several);
      measured.cpu.push(shared.cpuMs / alone.cpuMs);
    }
    const name = round === 0 ? "warm-up" : `round ${round}`;
    say(
      `${name}: ${one.toFixed(2)} and ${several.toFixed(2)} M records a second, ×${(several / one).toFixed(2)}, CPU time ×${(shared.cpuMs / alone.cpuMs).toFixed(2)}`,
    );
  }
  const ratio = median(measured.several) / median(measured.one);
  const load: readonly [number, number] = [before, loadavg()[0]];
  say(
    `${workers} workers are ×${ratio.toFixed(2)} of one (floor ×${floor}); CPU time ×${median(measured.cpu).toFixed(2)}; load ${load[1].toFixed(1)}`,
  );
  return { records, workers, one: measured.one, several: measured.several, ratio, floor, cpuRatio: median(measured.cpu), load };
}

/** All lines, in an order of their own. */
function textOf(lines: Lines): string {
  return [...lines].map(([path, bytes]) => `${path}\n${new TextDecoder().decode(bytes).split("\n").sort().join("\n")}`).join("\n");
}
