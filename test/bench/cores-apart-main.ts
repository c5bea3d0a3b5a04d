import { countBuffersAsHeap } from "@millrace/runtime/count-buffers-as-heap";
import type { ApartReport } from "./cores-apart.ts";
import { createCoresContender, pieceBytes } from "./cores-contender.ts";
import { LogPieces } from "./log-pieces.ts";

/** A process that runs scenario 1 on one worker, a round whenever it is told to; see `startApart`. */
// As pipeline processes have it.
countBuffersAsHeap();

const pieces = new LogPieces(Number(process.argv[2]), pieceBytes);
const contender = createCoresContender({});

function report(what: ApartReport): void {
  process.send?.(what);
}

async function round(): Promise<void> {
  const { wallMs } = await contender.round(pieces);
  // Before it reports: nobody is measured meanwhile.
  pieces.next();
  report({ wallMs });
}

// The channel to the bench keeps the process alive; it ends when that is closed.
process.on("message", () => {
  round().catch((failure: unknown) => {
    process.stderr.write(`${String(failure)}\n`);
    process.exit(1);
  });
});
process.on("disconnect", () => process.exit(0));
report({ wallMs: 0 });
