/** A breach of a rule, with what to do instead. */
export interface Violation {
  /** From the repository's root. */
  readonly path: string;
  /** Counts from 1; 0: the file as a whole. */
  readonly line: number;
  readonly message: string;
  readonly instead: string;
}

/** One line for a person. */
export function formatViolation({ path, line, message, instead }: Violation): string {
  return `${line === 0 ? path : `${path}:${line}`} ${message} ${instead}`;
}
