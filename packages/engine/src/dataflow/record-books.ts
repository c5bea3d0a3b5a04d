import type { WiredDataflow } from "./dataflow.ts";
import type { DrivenSource } from "./driven-source.ts";
import type { OperatorHost } from "./operator-host.ts";
import { lostBetween } from "./step-totals.ts";

/**
 * Records that this run has lost sight of, over all edges, sources, operators that keep books, and sinks: read but
 * neither emitted nor dead-lettered, emitted but not received, received but neither emitted, held back nor settled,
 * received but not staged. Always 0 unless the engine has a fault.
 */
export function unaccountedRecords(wired: WiredDataflow, tasks: ReadonlyMap<string, DrivenSource>): number {
  let off = unaccountedAmong([...wired.hosts.values()]);
  for (const [id, task] of tasks) {
    const host = wired.hosts.get(id);
    if (host !== undefined) off += Math.abs(task.readThisRun - task.deadThisRun - host.emittedThisRun[0]);
  }
  for (const { host, stage } of wired.sinks) off += Math.abs(host.receivedThisRun[0] - stage.stagedTotal);
  return off;
}

/** Records of which these operators have lost sight, between them and in those that keep books. */
export function unaccountedAmong(hosts: readonly OperatorHost[]): number {
  return hosts.reduce((off, host) => off + Math.abs(unaccountedInside(host)), lostBetween(hosts));
}

/** Records that came into an operator in this run, without those that left, are held back or are settled; 0 without books. */
function unaccountedInside(host: OperatorHost): number {
  const { books, bufferedRecords } = host.operator.gauges();
  const opened = host.booksAtStart;
  if (books === undefined || opened?.books === undefined) return 0;
  const received = host.receivedThisRun.reduce((sum, records) => sum + records, 0);
  let left = 0;
  host.operator.ports.forEach((port, i) => {
    if (books.ports?.includes(port) ?? true) left += host.emittedThisRun[i];
  });
  return received - left - (bufferedRecords - opened.bufferedRecords) - (books.settled - opened.books.settled);
}
