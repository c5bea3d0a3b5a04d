import type { RandomSource } from "@millrace/engine/testing";

/**
 * What goes wrong with one call of a port: the caller dies before or after the effect; it gets an error before or after
 * the effect, which look alike to it; or it gets an error now and the effect comes later.
 */
export type Fault = "crash-before" | "crash-after" | "error-before" | "error-after" | "late-effect";

/** How often what goes wrong, and until when. */
export interface FaultPlan {
  /** Of 1000 calls, by fault. */
  readonly perMille: Readonly<Record<Fault, number>>;
  /** Only calls of these ports; null: of all. */
  readonly ports: RegExp | null;
  /** Virtual ms after which nothing goes wrong any more, so that everything can end. */
  readonly untilMs: number;
}

const kinds: readonly Fault[] = ["crash-before", "crash-after", "error-before", "error-after", "late-effect"];
const portChoices: readonly (RegExp | null)[] = [
  null,
  null,
  /^store\./,
  /^sink\./,
  /commit|deliver|produce|transaction/,
  /takeOver|read|open|delivered|marker/,
];

/** A plan that favours some faults and some ports, so that seeds differ in kind. */
export function randomFaultPlan(random: RandomSource): FaultPlan {
  const perMille = Object.fromEntries(kinds.map((kind) => [kind, random.pick([0, 0, 4, 12, 40])])) as Record<Fault, number>;
  return { perMille, ports: random.pick(portChoices), untilMs: 800 + random.below(3000) };
}

export const noFaults: FaultPlan = {
  perMille: { "crash-before": 0, "crash-after": 0, "error-before": 0, "error-after": 0, "late-effect": 0 },
  ports: null,
  untilMs: 0,
};

/** The fault of one call, or null. */
export function drawFault(random: RandomSource, plan: FaultPlan, label: string, nowMs: number): Fault | null {
  const draw = random.below(1000);
  // Opening takes many small questions: if each were as likely to fail, little else would ever happen.
  if (label.startsWith("kafka.") && draw % 4 > 0) return null;
  if (nowMs >= plan.untilMs || (plan.ports !== null && !plan.ports.test(label))) return null;
  let below = 0;
  for (const kind of kinds) {
    below += plan.perMille[kind];
    if (draw < below) return kind;
  }
  return null;
}
