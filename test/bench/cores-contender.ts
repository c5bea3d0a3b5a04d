import { createBytesSink } from "./bytes-sink.ts";
import { errorSpike } from "./error-spike.ts";
import type { LogPieces } from "./log-pieces.ts";
import { planOf } from "./plan-of.ts";
import { createRoundsSource } from "./rounds-source.ts";
import { createSpreadRun, type Spread } from "./run-document.ts";
import type { Lines } from "./subject.ts";
import { busiestMs, threadTimes } from "./thread-cpu.ts";

/** As the file source reads where workers decode. */
export const pieceBytes = 1 << 20;
/** Rounds that are not counted: threads begin with code that is not compiled, once in the life of a deployment. */
export const warmUps = 2;

/** What one part of the log took. */
export interface Round {
  readonly wallMs: number;
  /** Of the whole process, the threads of its collector and its compiler among it. */
  readonly cpuMs: number;
  readonly busiestMs: number | null;
}

/** A run of scenario 1 that stays, fed with a log that goes on from round to round. */
export interface CoresContender {
  round(pieces: LogPieces): Promise<Round>;
  /** All lines, once the run has ended. */
  end(): Promise<Lines>;
}

/** Runs scenario 1 on as many workers as `spread` says. */
export function createCoresContender(spread: Spread): CoresContender {
  const source = createRoundsSource();
  const sink = createBytesSink();
  const run = createSpreadRun(planOf(errorSpike.document), source.connector, sink.connector, spread);
  const running = run.run();
  let expected = 0;
  return {
    async round(pieces) {
      expected += pieces.records;
      const threads = threadTimes();
      const cpu = process.cpuUsage();
      const since = performance.now();
      // Records count as handed on when what came of them has been taken.
      await Promise.race([source.feed(pieces.pieces, () => run.metrics().nodes.n0.recordsOut >= expected), running]);
      const wallMs = performance.now() - since;
      const { user, system } = process.cpuUsage(cpu);
      return { wallMs, cpuMs: (user + system) / 1000, busiestMs: busiestMs(threads, threadTimes()) };
    },
    async end() {
      source.end();
      await running;
      return sink.taken();
    },
  };
}
