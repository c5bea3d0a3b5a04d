/** A condition that a person can mend: the message says what is wrong and where, `fix` what to do. Shown without a stack. */
export class LauncherError extends Error {
  readonly fix: string;

  constructor(message: string, fix: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "LauncherError";
    this.fix = fix;
  }
}
