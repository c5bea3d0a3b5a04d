import type { Words } from "./diagnostic.ts";

/**
 * Every word that the engine says to a person, by code. A code is stable: it is shown, searched for
 * and tested. A message names what, where and both of the values in conflict; `fix` says what to do.
 */
export const messages = {
  // --- reading a document -------------------------------------------------------------------
  IMPORT_INVALID: (a: { readonly reason: string }): Words => ({
    message: `This is not a Millrace pipeline: ${a.reason}`,
  }),
  TOO_LARGE: (a: { readonly what: string; readonly actualBytes: number; readonly limitBytes: number }): Words => ({
    message: `${a.what} is ${a.actualBytes} bytes long; the limit is ${a.limitBytes} bytes.`,
  }),
  TOO_DEEP: (a: { readonly what: string; readonly limit: number }): Words => ({
    message: `${a.what} is nested more than ${a.limit} levels deep.`,
  }),
} satisfies Record<string, (args: never) => Words>;

export type DiagnosticCode = keyof typeof messages;
export type MessageArguments<C extends DiagnosticCode> = Parameters<(typeof messages)[C]>[0];
