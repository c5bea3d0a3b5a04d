import type { FixedWindow } from "../../plan/window-spec.ts";
import type { EmittedRow } from "../../testing/operator-harness.ts";
import type { TimeWindow } from "../window-assigner.ts";
import { type Reading, resultName, type WindowCase } from "./window-fixture.ts";
import { type OracleStep, resultOf, windowsAround } from "./window-oracle.ts";

/** One window of one key, with all its records in order of arrival. */
interface Group extends TimeWindow {
  readonly key: Record<string, unknown>;
  readonly records: Reading[];
  /** Records since the last result. */
  fresh: number;
  said: EmittedRow | null;
}

/** Windows with results before their end: every result is computed from all the records that it holds. */
export class EarlyOracle {
  readonly #case: WindowCase;
  readonly #window: FixedWindow;
  readonly #groups = new Map<string, Group>();
  #watermark = Number.NEGATIVE_INFINITY;
  #next = Number.POSITIVE_INFINITY;
  partiallyLate = 0;
  outsideWindow = 0;

  constructor(of: WindowCase, window: FixedWindow) {
    this.#case = of;
    this.#window = window;
  }

  records(records: readonly Reading[]): OracleStep {
    const step: OracleStep = { rows: [], late: [] };
    for (const record of records) {
      const windows = windowsAround(this.#window, record.at).filter(({ startMs, endMs }) => startMs <= record.at && record.at < endMs);
      const open = windows.filter(({ endMs }) => endMs - 1 + this.#case.allowedLatenessMs > this.#watermark);
      if (windows.length === 0) this.outsideWindow++;
      else if (open.length === 0) step.late.push(record);
      else if (open.length < windows.length) this.partiallyLate++;
      for (const window of open) this.#add(record, window, step);
    }
    return step;
  }

  watermark(watermark: number): OracleStep {
    const step: OracleStep = { rows: [], late: [] };
    if (watermark <= this.#watermark) return step;
    this.#watermark = watermark;
    const isDue = this.#case.early?.kind === "event-time" && watermark + 1 >= this.#next;
    if (isDue) this.#next = Number.POSITIVE_INFINITY;
    for (const [id, group] of this.#groups) {
      if (group.fresh > 0 && (isDue || group.endMs - 1 <= watermark)) this.#say(group, step);
      if (group.endMs - 1 + this.#case.allowedLatenessMs <= watermark) this.#groups.delete(id);
    }
    return step;
  }

  #add(record: Reading, { startMs, endMs }: TimeWindow, step: OracleStep): void {
    const { early, keyBy } = this.#case;
    const key = Object.fromEntries(keyBy.map((name) => [name, record[name]]));
    const id = JSON.stringify([key, startMs, endMs]);
    const group = this.#groups.get(id) ?? { key, startMs, endMs, records: [], fresh: 0, said: null };
    this.#groups.set(id, group);
    group.records.push(record);
    group.fresh++;
    if (endMs - 1 <= this.#watermark || (early?.kind === "records" && group.fresh >= early.every)) this.#say(group, step);
    else if (early?.kind === "event-time") {
      const after = Math.max(record.at, this.#watermark);
      this.#next = Math.min(this.#next, (Math.floor(after / early.everyMs) + 1) * early.everyMs);
    }
  }

  #say(group: Group, step: OracleStep): void {
    const { panes, output, aggregates } = this.#case;
    const records = panes === "discarding" ? group.records.slice(-group.fresh) : group.records;
    const fields: Record<string, unknown> = { ...group.key, window_start: group.startMs, window_end: group.endMs };
    for (const aggregate of aggregates) fields[resultName(aggregate)] = resultOf(aggregate, records);
    group.fresh = 0;
    const before = group.said;
    group.said = { fields, timeMs: group.endMs - 1, kind: "+I" };
    if (output === "append" || before === null) step.rows.push(group.said);
    else if (output === "update") step.rows.push({ ...group.said, kind: "+U" });
    else if (JSON.stringify(before.fields) !== JSON.stringify(fields)) {
      step.rows.push({ ...before, kind: "-U" }, { ...group.said, kind: "+U" });
    }
  }
}
