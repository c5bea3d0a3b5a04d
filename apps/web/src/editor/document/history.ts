import type { PipelineDocument } from "@millrace/engine";
import type { Selection } from "./selection.ts";

/** Edits of one kind that follow each other faster than this, ms, are one step. */
const coalesceWithinMs = 2000;

/** Most steps that can be undone. */
const longestPast = 500;

/** A document as it was, with what was selected then. */
interface Moment {
  readonly document: PipelineDocument;
  readonly selection: Selection;
}

interface Step {
  /** What the step did: `Move 3 nodes`. */
  readonly label: string;
  readonly before: Moment;
  readonly after: Moment;
}

/** The past and the undone future of a document. Immutable; documents share all that is equal. */
export interface History {
  readonly past: readonly Step[];
  readonly future: readonly Step[];
  /** The burst that the next edit may join, and when it last grew. */
  readonly burst: { readonly key: string; readonly atMs: number } | null;
}

export const emptyHistory: History = { past: [], future: [], burst: null };

/** How an edit enters the history. */
export interface StepOptions {
  readonly label: string;
  /** Edits with equal keys in quick succession are one step: the keystrokes in one field, the pixels of one drag. */
  readonly coalesce?: string;
}

/** The history after an edit from `before` to `after` at `atMs`. */
export function recordStep(history: History, before: Moment, after: Moment, options: StepOptions, atMs: number): History {
  const { label, coalesce } = options;
  const burst = coalesce === undefined ? null : { key: coalesce, atMs };
  const last = history.past.at(-1);
  const joins =
    last !== undefined && history.burst !== null && history.burst.key === coalesce && atMs - history.burst.atMs <= coalesceWithinMs;
  const past = joins
    ? [...history.past.slice(0, -1), { label: last.label, before: last.before, after }]
    : [...history.past.slice(-(longestPast - 1)), { label, before, after }];
  return { past, future: [], burst };
}

/** Ends a burst: the next edit is a step of its own. */
export function sealBurst(history: History): History {
  return history.burst === null ? history : { ...history, burst: null };
}

/** One step back, or null at the beginning. */
export function undoStep(history: History): { readonly history: History; readonly moment: Moment } | null {
  const step = history.past.at(-1);
  if (step === undefined) return null;
  return { history: { past: history.past.slice(0, -1), future: [step, ...history.future], burst: null }, moment: step.before };
}

/** One step forward again, or null at the end. */
export function redoStep(history: History): { readonly history: History; readonly moment: Moment } | null {
  const [step, ...future] = history.future;
  if (step === undefined) return null;
  return { history: { past: [...history.past, step], future, burst: null }, moment: step.after };
}
