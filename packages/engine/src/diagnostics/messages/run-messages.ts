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
  FENCED: (a: { readonly ownToken: number; readonly newerToken: number }): Words => ({
    message: `Another runtime has taken this pipeline over (our fencing token ${a.ownToken}, current ${a.newerToken}).`,
  }),
  SINK_FENCED: (a: { readonly ownToken: number; readonly newerToken: number }): Words => ({
    message: `The sink knows an owner with the fencing token ${a.newerToken}, and takes nothing from this run, whose token is ${a.ownToken}: another runtime has taken this pipeline over.`,
    fix: `When no other runtime runs it, the checkpoint store has lost the writes that raised the token (a Redis that came back without its last writes, or empty): restore the store, or start the deployment again until its token is ${a.newerToken}; every start raises it by one.`,
  }),
  TIME_MISSING: (a: { readonly field: string }): Words => ({
    message: `A record has no time: its field ${a.field} is NULL, and this source is set to fail then.`,
    fix: "Set the source to drop records without a time, or mend the data.",
  }),
  OPERATOR_FAILED: (a: { readonly operator: string; readonly reason: string }): Words => ({
    message: `The operator ${a.operator} failed: ${a.reason}`,
  }),
  WORKERS_SOURCE: (_: object): Words => ({
    message:
      "The checkpoint is of several workers, but this source has a pace, a watermark by its records, a limit against the clock or a group to keep step with, which one worker does alone.",
    fix: 'Take that from the source, or deploy again with "start empty".',
  }),
  WORKER_LOST: (a: { readonly worker: number; readonly reason: string }): Words => ({
    message: `Worker ${a.worker} of the pipeline is gone: ${a.reason}`,
    fix: "The pipeline goes on from its last checkpoint; if it happens again, set fewer workers or give the process more memory.",
  }),
  LOOKUP_FAILED: (a: { readonly reason: string }): Words => ({ message: `The lookup failed: ${a.reason}` }),
  SINK_FAILED: (a: { readonly reason: string }): Words => ({ message: `The sink failed: ${a.reason}` }),
  SOURCE_FAILED: (a: { readonly reason: string }): Words => ({ message: `The source failed: ${a.reason}` }),
} satisfies Record<string, (args: never) => Words>;
