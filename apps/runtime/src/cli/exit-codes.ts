/** What the exit code of `millrace` means. */
export const exitCodes = {
  ok: 0,
  /** The pipeline has diagnostics of severity error. */
  diagnostics: 1,
  /** The command line or a file that it names is wrong. */
  usage: 2,
  /** The run failed. */
  failure: 3,
} as const;

/** Ends a command with a message and an exit code. */
export class CliError extends Error {
  readonly exitCode: number;

  constructor(exitCode: number, message: string) {
    super(message);
    this.name = "CliError";
    this.exitCode = exitCode;
  }
}
