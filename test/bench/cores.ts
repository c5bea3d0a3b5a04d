import { loadavg } from "node:os";
import { countBuffersAsHeap } from "@millrace/runtime/count-buffers-as-heap";
import { createThreadWorkers } from "@millrace/runtime/workers";
import { startApart } from "./cores-apart.ts";
import { createCoresContender, pieceBytes, type Round, warmUps } from "./cores-contender.ts";
import { errorSpike } from "./error-spike.ts";
import { LogPieces } from "./log-pieces.ts";
import { machineLine } from "./machine.ts";
import { median } from "./measure.ts";
import type { Lines } from "./subject.ts";

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
  /**
   * The same for as many processes as there are workers, one worker each, that share nothing but the machine: what is lost up to here is
   * the machine's, as cores share caches and memory and a host may give them less than all their time.
   */
  readonly apart: number;
  readonly floor: number;
  /**
   * What cores that nothing else uses would give, by the CPU time of each thread: several workers take as long as the busiest
   * thread, or as all threads together take on so many cores. The median of the rounds; null where the system does not say what
   * threads take.
   */
  readonly undisturbed: number | null;
  /** CPU time of several workers against that of one: below the number of workers by this is the most that cores can give. */
  readonly cpuRatio: number;
  /** Load of the machine over the last minute, before and after: where it is above 0, others took part of the cores. */
  readonly load: readonly [before: number, after: number];
}

/**
 * Scenario 1 from JSON bytes on one worker and on several: two runs that stay, fed in turn with the same part of a log that
 * goes on from round to round. Code is compiled and threads have started when it counts, for the one as for the other. By the
 * wall clock, as CPU time would hide what threads gain, and by the CPU time of each thread. What the machine has to give is measured in the same
 * rounds, by processes of one worker side by side. Throws when rows differ.
 */
export async function benchCores(options: {
  readonly records: number;
  readonly rounds: number;
  readonly workers: number;
  readonly say: (line: string) => void;
}): Promise<CoresFigures> {
  const { records, rounds, workers, say } = options;
  const before = loadavg()[0];
  // As pipeline processes have it.
  countBuffersAsHeap();
  say(`${machineLine()}; load ${before.toFixed(1)}`);
  say(`${errorSpike.title}, ${records} records a round, on 1 worker and on ${workers}`);
  const pieces = new LogPieces(records, pieceBytes);
  const apart = await startApart(records, workers);
  const alone = createCoresContender({});
  const shared = createCoresContender({ parallelism: workers, workers: createThreadWorkers() });
  const one: Round[] = [];
  const several: Round[] = [];
  const apartMs: number[] = [];
  for (let round = 1 - warmUps; round <= rounds; round++) {
    const a = await alone.round(pieces);
    const b = await shared.round(pieces);
    pieces.next();
    const c = await apart.round();
    say(`${round < 1 ? "warm-up" : `round ${round}`}: ${roundLine(records, a, b)}; apart ×${((workers * a.wallMs) / c).toFixed(2)}`);
    if (round < 1) continue;
    one.push(a);
    several.push(b);
    apartMs.push(c);
  }
  apart.stop();
  if (textOf(await alone.end()) !== textOf(await shared.end()))
    throw new Error(`${workers} workers give other rows than one, so no figure counts.`);
  say("outputs are equal");
  const rates = (of: readonly Round[]): number[] => of.map(({ wallMs }) => records / wallMs / 1000);
  const figures: CoresFigures = {
    records,
    workers,
    one: rates(one),
    several: rates(several),
    ratio: median(rates(several)) / median(rates(one)),
    apart: median(apartMs.map((ms) => (workers * records) / ms / 1000)) / median(rates(one)),
    floor,
    undisturbed: undisturbed(one, several, workers),
    cpuRatio: median(several.map(({ cpuMs }, i) => cpuMs / one[i].cpuMs)),
    load: [before, loadavg()[0]],
  };
  say(summary(figures));
  return figures;
}

/** What disturbs meets both of a round, which follow each other at once. */
function undisturbed(one: readonly Round[], several: readonly Round[], workers: number): number | null {
  const ratios = several.map(({ cpuMs, busiestMs: busiest }, i) =>
    busiest === null ? Number.NaN : Math.min(workers, one[i].cpuMs / Math.max(busiest, cpuMs / workers)),
  );
  return ratios.some(Number.isNaN) ? null : median(ratios);
}

function roundLine(records: number, one: Round, several: Round): string {
  const [a, b] = [one, several].map(({ wallMs }) => records / wallMs / 1000);
  const cpu = [one, several].map(
    ({ cpuMs, busiestMs: busiest }) => `${cpuMs.toFixed(0)} ms (busiest thread ${busiest?.toFixed(0) ?? "unknown"})`,
  );
  return `${a.toFixed(2)} and ${b.toFixed(2)} M records a second, ×${(b / a).toFixed(2)}; CPU time ${cpu.join(" and ")}`;
}

function summary({ workers, ratio, apart, cpuRatio, undisturbed: quiet, load }: CoresFigures): string {
  const byCpu = quiet === null ? "" : `; by CPU time alone, undisturbed, ×${quiet.toFixed(2)}`;
  return `${workers} workers are ×${ratio.toFixed(2)} of one (floor ×${floor}), ${workers} processes that share nothing ×${apart.toFixed(2)}${byCpu}; CPU time ×${cpuRatio.toFixed(2)}; load ${load[1].toFixed(1)}`;
}

/** All lines, in an order of their own. */
function textOf(lines: Lines): string {
  return [...lines].map(([path, bytes]) => `${path}\n${new TextDecoder().decode(bytes).split("\n").sort().join("\n")}`).join("\n");
}
