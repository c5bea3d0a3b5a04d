/** Where a command's words go. */
export interface Output {
  /** What was asked for: standard output. */
  result(text: string): void;
  /** Bytes of records as they are: standard output. */
  records(bytes: Uint8Array): void;
  /** Progress, notices, failures: standard error. */
  note(text: string): void;
  /** True when progress may be redrawn on one line. */
  readonly terminal: boolean;
}

/** The process's own streams. */
export const processOutput: Output = {
  result: (text) => void process.stdout.write(`${text}\n`),
  records: (bytes) => void process.stdout.write(bytes),
  note: (text) => void process.stderr.write(`${text}\n`),
  terminal: process.stderr.isTTY === true,
};
