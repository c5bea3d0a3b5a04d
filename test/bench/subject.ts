/** A pipeline that the bench measures in turn with the same written as plain callbacks; one file a subject. */
export interface Subject {
  /** What `--only` names, and the key of its floor in floors.json. */
  readonly name: string;
  readonly title: string;
  /** JSON lines of the input; the same number of records gives the same bytes. */
  input(records: number): Uint8Array;
  /** The pipeline document. */
  readonly document: object;
  /** The lines of output, the plain way; their order does not count. */
  naive(bytes: Uint8Array): string;
}
