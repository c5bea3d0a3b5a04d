import type { Words } from "./diagnostic.ts";

/**
 * Every word that the engine says to a person, by code. A code is stable: it is shown, searched for
 * and tested. A message names what, where and both of the values in conflict; `fix` says what to do.
 */
export const messages = {
  // --- reading a document -------------------------------------------------------------------
  IMPORT_INVALID: (a: { readonly reason: string }): Words => ({
    message: `This cannot be opened as a Millrace pipeline: ${a.reason}.`,
  }),
  TOO_LARGE: (a: { readonly what: string; readonly actualBytes: number; readonly limitBytes: number }): Words => ({
    message: `${a.what} is ${a.actualBytes} bytes long; the limit is ${a.limitBytes} bytes.`,
  }),
  TOO_DEEP: (a: { readonly what: string; readonly limit: number }): Words => ({
    message: `${a.what} is nested more than ${a.limit} levels deep.`,
  }),
  // --- running ------------------------------------------------------------------------------
  CONNECTOR_UNKNOWN: (a: { readonly connector: string }): Words => ({
    message: `This host has no connector called "${a.connector}".`,
    fix: "Run the pipeline where the connector is installed, or choose another node.",
  }),
  CHECKPOINT_DAMAGED: (a: { readonly checkpoint: number; readonly part: string; readonly damage: string }): Words => ({
    message: `Checkpoint ${a.checkpoint} cannot be used, in ${a.part}: ${a.damage}`,
    fix: 'Restore the checkpoint store from a backup, or deploy again with "start empty".',
  }),
  CHECKPOINT_STORE_UNAVAILABLE: (a: { readonly reason: string }): Words => ({
    message: `The checkpoint store does not answer: ${a.reason}`,
    fix: "Check that it is running and reachable; the pipeline goes on from its last checkpoint.",
  }),
  SINK_AHEAD: (a: { readonly sinkCheckpoint: number; readonly storeCheckpoint: number }): Words => ({
    message: `The sink holds the records of checkpoint ${a.sinkCheckpoint}, but the newest checkpoint in the store is ${a.storeCheckpoint}: going on would write records twice.`,
    fix: 'Restore the checkpoint store from a backup, or deploy again with "start empty" to say that repeated records are acceptable.',
  }),
  TIME_MISSING: (a: { readonly field: string }): Words => ({
    message: `A record has no time: its field ${a.field} is NULL, and this source is set to fail then.`,
    fix: "Set the source to drop records without a time, or mend the data.",
  }),
  OPERATOR_FAILED: (a: { readonly operator: string; readonly reason: string }): Words => ({
    message: `The operator ${a.operator} failed: ${a.reason}`,
  }),
  SINK_FAILED: (a: { readonly reason: string }): Words => ({ message: `The sink failed: ${a.reason}` }),
  SOURCE_FAILED: (a: { readonly reason: string }): Words => ({ message: `The source failed: ${a.reason}` }),
} satisfies Record<string, (args: never) => Words>;

export type DiagnosticCode = keyof typeof messages;
export type MessageArguments<C extends DiagnosticCode> = Parameters<(typeof messages)[C]>[0];
