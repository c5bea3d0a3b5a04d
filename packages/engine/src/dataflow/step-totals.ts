import type { OperatorGauges } from "./operator.ts";
import type { OperatorHost, Receiver } from "./operator-host.ts";

/** Counts and gauges of a step, in one place or over several. */
export interface StepTotals {
  /** Id of the step in the plan. */
  readonly step: string;
  /** Names of its ports. */
  readonly ports: readonly string[];
  /** By input. */
  readonly recordsIn: Float64Array;
  /** By port. */
  readonly recordsOut: Float64Array;
  readonly busyMs: number;
  readonly watermark: number;
  readonly gauges: OperatorGauges;
}

/** Totals of a step as one host has them. `id`: of the step in the plan. */
export function stepTotals(host: OperatorHost, id: string = host.step.id): StepTotals {
  const { recordsIn, recordsOut, busyMs, watermark, operator } = host;
  const counts = { recordsIn: recordsIn.slice(), recordsOut: recordsOut.slice() };
  return { step: id, ports: operator.ports, ...counts, busyMs, watermark, gauges: operator.gauges() };
}

/** Totals of a step that runs in two places. */
export function addStepTotals(a: StepTotals, b: StepTotals): StepTotals {
  return {
    step: a.step,
    ports: a.ports,
    recordsIn: sum(a.recordsIn, b.recordsIn),
    recordsOut: sum(a.recordsOut, b.recordsOut),
    busyMs: a.busyMs + b.busyMs,
    watermark: Math.min(a.watermark, b.watermark),
    gauges: {
      stateKeys: a.gauges.stateKeys + b.gauges.stateKeys,
      stateBytes: a.gauges.stateBytes + b.gauges.stateBytes,
      lateRecords: a.gauges.lateRecords + b.gauges.lateRecords,
      bufferedRecords: a.gauges.bufferedRecords + b.gauges.bufferedRecords,
      counters: addCounters(a.gauges.counters, b.gauges.counters),
    },
  };
}

/** By step: the totals of all places where it runs. */
export function addAllTotals(lists: Iterable<StepTotals>): Map<string, StepTotals> {
  const totals = new Map<string, StepTotals>();
  for (const own of lists) {
    const known = totals.get(own.step);
    totals.set(own.step, known === undefined ? own : addStepTotals(known, own));
  }
  return totals;
}

/** Records that hosts have emitted and what they are connected to has not received, or the other way round. */
export function lostBetween(hosts: Iterable<OperatorHost>): number {
  const emitted = new Map<Receiver, Map<number, number>>();
  for (const host of hosts) {
    host.operator.ports.forEach((_port, port) => {
      for (const target of host.targets(port)) {
        const counts = emitted.get(target.host) ?? new Map<number, number>();
        // Several hosts may feed one input.
        counts.set(target.input, (counts.get(target.input) ?? 0) + host.emittedThisRun[port]);
        emitted.set(target.host, counts);
      }
    });
  }
  let off = 0;
  for (const [receiver, counts] of emitted) for (const [input, count] of counts) off += Math.abs(count - receiver.receivedThisRun[input]);
  return off;
}

function sum(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, i) => value + b[i]);
}

/** Members that only one of them has count as 0 in the other. */
function addCounters(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): Record<string, number> {
  const all: Record<string, number> = { ...a };
  for (const [name, count] of Object.entries(b)) all[name] = (Object.hasOwn(all, name) ? all[name] : 0) + count;
  return all;
}
