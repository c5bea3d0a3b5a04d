import type { ManagedProcess } from "./managed-process.ts";

/** A server that Millrace needs, started by the launcher. */
export interface Service {
  /** With the password in it. */
  readonly url: string;
  readonly process: ManagedProcess;
  /** Starts it again on the same port and files after it ended by itself. */
  restart(): Promise<ManagedProcess>;
}
