import type { Diagnostic } from "@millrace/engine";
import { TRPCError } from "@trpc/server";

type TransportCode = TRPCError["code"];

export interface ProblemOptions {
  /** Decides the HTTP status. */
  readonly transport: TransportCode;
  /** Stable, for programs and for searching: `REVISION_CONFLICT`. */
  readonly code: string;
  /** What and where, naming both of the values in conflict. */
  readonly message: string;
  /** What to do about it. */
  readonly fix?: string;
  /** The engine's findings, when the problem is in a pipeline. */
  readonly diagnostics?: readonly Diagnostic[];
  /** Values that a program needs to go on, such as both revisions. */
  readonly details?: Readonly<Record<string, string | number>>;
  readonly cause?: unknown;
}

/** A failure that the caller can understand and do something about. Everything else is an internal error. */
export class Problem extends TRPCError {
  readonly problem: ProblemOptions;

  constructor(problem: ProblemOptions) {
    super({ code: problem.transport, message: problem.message, cause: problem.cause });
    this.problem = problem;
  }
}

/** What the client gets to see of any error; never a stack trace. */
export interface ProblemShape {
  readonly code: string;
  readonly message: string;
  readonly fix: string | null;
  /** The procedure. */
  readonly path: string | null;
  readonly httpStatus: number;
  readonly diagnostics: readonly Diagnostic[];
  readonly details: Readonly<Record<string, string | number>>;
}
