import type { CheckReport, Graph, NodeReport } from "@millrace/engine";
import { Observable } from "./observable.ts";

/** Quiet time after a change before the graph is checked again, ms. */
export const checkQuietMs = 150;

/** What the scheduler needs from its host. */
export interface CheckHost {
  /** Checks a graph, whatever state it is in; never throws. */
  check(graph: Graph): CheckReport;
  /** Calls back once after `ms`; the result cancels. */
  delay(ms: number, callback: () => void): () => void;
}

/** Checks the graph a moment after each change of the logic, and keeps what did not change the same objects. */
export class CheckScheduler {
  readonly report: Observable<CheckReport>;
  #checked: Graph;
  #pending: Graph | null = null;
  #cancel: (() => void) | null = null;
  readonly #host: CheckHost;

  /** Checks `graph` at once. */
  constructor(graph: Graph, host: CheckHost) {
    this.#host = host;
    this.#checked = graph;
    this.report = new Observable(host.check(graph));
  }

  /** Tells of the graph as it is now; cheap when it is the one that was told before. */
  changed(graph: Graph): void {
    if (graph === (this.#pending ?? this.#checked)) return;
    this.#pending = graph;
    this.#cancel?.();
    this.#cancel = this.#host.delay(checkQuietMs, () => this.flush());
  }

  /** Checks now what is waiting to be checked. */
  flush(): CheckReport {
    this.close();
    if (this.#pending !== null) {
      this.#checked = this.#pending;
      this.#pending = null;
      this.report.update((before) => keepEqual(before, this.#host.check(this.#checked)));
    }
    return this.report.get();
  }

  /** No check after this, unless `changed` is called again. */
  close(): void {
    this.#cancel?.();
    this.#cancel = null;
  }
}

/** `after`, with the reports of nodes of `before` wherever they say the same, so that only what changed is drawn again. */
function keepEqual(before: CheckReport, after: CheckReport): CheckReport {
  const nodes = new Map<string, NodeReport>();
  for (const [slug, report] of after.nodes) {
    const old = before.nodes.get(slug);
    nodes.set(slug, old !== undefined && old.definition === report.definition && fingerprint(old) === fingerprint(report) ? old : report);
  }
  return { ...after, nodes };
}

function fingerprint(report: NodeReport): string {
  const { definition: _, ...rest } = report;
  return JSON.stringify(rest);
}
