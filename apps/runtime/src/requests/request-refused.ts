/** A request that cannot be answered, in words for a person. */
export class RequestRefused extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = "RequestRefused";
    this.code = code;
  }
}
