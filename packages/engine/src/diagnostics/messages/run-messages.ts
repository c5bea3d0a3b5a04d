import type { Words } from "../diagnostic.ts";

/** Words about a run. See `messages`. */
export const runMessages = {
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
  CHECKPOINT_GONE: (a: { readonly checkpoint: number; readonly newest: number }): Words => ({
    message: `The pipeline is to start from checkpoint ${a.checkpoint}, which is not there any more; the newest is ${a.newest}.`,
    fix: "Start from a savepoint that is kept, from the newest checkpoint, or empty.",
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
  LOOKUP_FAILED: (a: { readonly reason: string }): Words => ({ message: `The lookup failed: ${a.reason}` }),
  SINK_FAILED: (a: { readonly reason: string }): Words => ({ message: `The sink failed: ${a.reason}` }),
  SOURCE_FAILED: (a: { readonly reason: string }): Words => ({ message: `The source failed: ${a.reason}` }),
} satisfies Record<string, (args: never) => Words>;
