import type { JsonValue } from "@millrace/engine";
import { z } from "zod";
import { nativeSha256 } from "../native-sha256.ts";

/** The first bytes of a file, by which it is known again. */
export const headBytes = 1024;

const schema = z.object({
  /** Where the next record starts. */
  offset: z.int().nonnegative(),
  /** Its line number, from 1. */
  line: z.int().positive(),
  /** SHA-256 of the first `headBytes` bytes, or of all before `offset` when that is less. */
  head: z.object({ bytes: z.int().nonnegative(), sha256: z.string() }),
});

/** Where reading of a file goes on, and which file that was. */
export type FilePosition = z.infer<typeof schema>;

/** Reads a position from a checkpoint; null when it is none of a file. */
export function parseFilePosition(value: JsonValue): FilePosition | null {
  const parsed = schema.safeParse(value);
  return parsed.success ? parsed.data : null;
}

/** Remembers the start of a file while it is read, to fingerprint it. */
export class FileHead {
  readonly #bytes = new Uint8Array(headBytes);
  #filled = 0;
  #known = { bytes: -1, sha256: "" };

  /** Takes note of bytes that were read at `offset`. */
  note(offset: number, bytes: Uint8Array): void {
    if (offset > this.#filled || this.#filled === headBytes) return;
    const fresh = bytes.subarray(this.#filled - offset, headBytes - offset);
    this.#bytes.set(fresh, this.#filled);
    this.#filled += fresh.length;
  }

  /** Fingerprint of the file up to `offset`. */
  upTo(offset: number): FilePosition["head"] {
    const bytes = Math.min(headBytes, offset, this.#filled);
    if (this.#known.bytes !== bytes) this.#known = { bytes, sha256: nativeSha256(this.#bytes.subarray(0, bytes)) };
    return this.#known;
  }
}
