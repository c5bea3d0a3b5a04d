import type { CheckpointManifest } from "@millrace/engine";
import type { CallWatcher, SimProcess } from "./sim-process.ts";

/** The points at which everything must be able to die; the numbers are those of the protocol's description. */
export const crashPoints: Readonly<Record<number, string>> = {
  1: "after records were read, before they were processed",
  2: "after state changed, before a checkpoint",
  3: "a checkpoint taken, nothing of it stored",
  4: "state stored, the manifest not",
  5: "records staged, the manifest not committed",
  6: "the commit in an unknown state",
  7: "committed, before any delivery",
  8: "delivered, the answer lost",
  9: "between the deliveries of two sinks",
  10: "after all deliveries, before what follows them",
  11: "during recovery",
  12: "started again from an old checkpoint",
  13: "a process that was stopped writes after its time",
  14: "the broker gives up a transaction",
  15: "Redis loses its newest writes",
  16: "another version of the pipeline takes over",
  17: "between the last commit and its delivery",
  18: "a record that cannot be read is staged",
  19: "time passes while nothing runs",
  20: "the wall clock goes back",
};

/** Where a process is in its life, as far as crash points go. */
export interface Life {
  restoring: boolean;
  /** Records were taken in since the last checkpoint. */
  dirty: boolean;
  /** The checkpoint that is being stored, from its first write on. */
  storing: CheckpointManifest | null;
  chunks: number;
}

/** Counts how often each crash point was hit. */
export class CrashCounts implements CallWatcher {
  readonly hits = new Map<number, number>(Object.keys(crashPoints).map((point) => [Number(point), 0]));
  readonly #lives = new Map<SimProcess, Life>();
  /** Which of the sinks hold a checkpoint. */
  readonly #holders: (checkpoint: number) => { readonly holding: number; readonly sinks: number };

  constructor(holders: (checkpoint: number) => { readonly holding: number; readonly sinks: number }) {
    this.#holders = holders;
  }

  /** The life of a process that runs the pipeline. */
  begin(process: SimProcess): Life {
    const life: Life = { restoring: true, dirty: false, storing: null, chunks: 0 };
    this.#lives.set(process, life);
    return life;
  }

  hit(point: number): void {
    this.hits.set(point, (this.hits.get(point) ?? 0) + 1);
  }

  onCrash(process: SimProcess, label: string, effect: boolean): void {
    const life = this.#lives.get(process);
    if (life === undefined) return;
    if (life.restoring) {
      this.hit(11);
      return;
    }
    if (label.startsWith("source.fetch") && effect) this.hit(1);
    if (label.startsWith("store.putChunk")) this.#storing(life, life.chunks + (effect ? 1 : 0));
    else if (label.startsWith("store.commit")) {
      if (effect) this.#committed(life, numberOf(label));
      else this.#storing(life, life.chunks);
    } else if (/^sink\..*deliver/.test(label)) {
      if (effect) this.hit(8);
      this.#committed(life, numberOf(label));
    } else if (label.startsWith("store.collectGarbage")) this.hit(10);
    else if (life.dirty) this.hit(2);
  }

  onUnclear(_process: SimProcess, label: string, effect: boolean): void {
    if (label.startsWith("store.commit")) this.hit(6);
    if (/^sink\..*deliver/.test(label) && effect) this.hit(8);
  }

  onRefusedAfterStop(): void {
    this.hit(13);
  }

  /** The process was killed from outside. */
  onKill(process: SimProcess): void {
    const life = this.#lives.get(process);
    if (life === undefined || !process.alive) return;
    if (life.restoring) this.hit(11);
    else if (life.storing !== null) this.#committed(life, life.storing.checkpoint);
    else if (life.dirty) this.hit(2);
  }

  #storing(life: Life, chunks: number): void {
    this.hit(chunks === 0 ? 3 : 4);
    const staged = life.storing?.parts.filter(({ kind, records = 0 }) => kind === "staged" && records > 0) ?? [];
    if (staged.length > 0) this.hit(5);
    if (staged.some(({ id }) => id.startsWith("broken"))) this.hit(18);
  }

  /** Behind the commit of a checkpoint: what follows depends on which sinks have it. */
  #committed(life: Life, checkpoint: number): void {
    const { holding, sinks } = this.#holders(checkpoint);
    this.hit(holding === 0 ? 7 : holding < sinks ? 9 : 10);
    if (life.storing?.final === true && holding < sinks) this.hit(17);
  }
}

function numberOf(label: string): number {
  return Number(label.split(" ").at(-1));
}
