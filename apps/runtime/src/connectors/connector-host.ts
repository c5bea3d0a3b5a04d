import type { DeadLetter } from "@millrace/engine";
import type { Redis } from "ioredis";
import type { EgressPolicy } from "./egress-policy.ts";
import type { FileAccess } from "./file-access.ts";

/** Something that a connector met and dealt with, but that a person wants to know: a log file was rotated. */
export interface ConnectorNotice {
  readonly code: string;
  readonly message: string;
}

/** What the connectors of this process share. */
export interface ConnectorHost {
  readonly files: FileAccess;
  /** Null without Redis: rows of live tables and alert inboxes then go to `onRows`. */
  readonly redis: Redis | null;
  readonly egress: EgressPolicy;
  /** The value of a secret by its name, or null when there is none. */
  readonly secret: (name: string) => string | null;
  /** Must not throw. */
  readonly onNotice: (notice: ConnectorNotice) => void;
  /** Records that a sink gave up on. Must not throw. */
  readonly onDeadLetters: (sinkId: string, letters: readonly DeadLetter[]) => void;
  /** Rows of live tables and alert inboxes when there is no Redis: encoded records, each ending in a line feed. */
  readonly onRows: (sinkId: string, bytes: Uint8Array, records: number) => void;
  /**
   * Who owns the output directories of file sinks: `durable` when checkpoints outlive this process; `ephemeral`
   * replaces what an earlier ephemeral run left; `overwrite` replaces whatever is there.
   */
  readonly outputs: "durable" | "ephemeral" | "overwrite";
}
