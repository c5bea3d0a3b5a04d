import { joinBytes } from "../column/join-bytes.ts";
import type { DeadLetter } from "../connector/source-port.ts";
import type { StagedRecords } from "./sink-stage.ts";

/** Id under which dead letters are staged and delivered, as those of sinks are. No node has it: slugs begin with a letter. */
export const deadLettersSinkId = "_dead_letters:sink";

/** Staged dead letters beyond this are counted, not kept: a source of nothing but garbage must not fill the memory. */
const keptBytes = 8 << 20;

/** Keeps what could not be used until the next checkpoint takes it, so that it is told exactly once. */
export class DeadLetterStage {
  #lines: Uint8Array[] = [];
  #bytes = 0;
  readonly #encoder = new TextEncoder();

  get stagedBytes(): number {
    return this.#bytes;
  }

  add(node: string, letters: readonly DeadLetter[], atMs: number): void {
    for (const { position, reason, raw } of letters) {
      if (this.#bytes >= keptBytes) return;
      const line = this.#encoder.encode(`${JSON.stringify({ atMs, node, position, reason, raw })}\n`);
      this.#lines.push(line);
      this.#bytes += line.length;
    }
  }

  /** Takes the staged letters as JSON lines `{atMs, node, position, reason, raw}`; the stage is empty afterwards. */
  take(): StagedRecords {
    const pieces = [joinBytes(this.#lines)];
    const records = this.#lines.length;
    this.#lines = [];
    this.#bytes = 0;
    return { pieces, records };
  }
}
