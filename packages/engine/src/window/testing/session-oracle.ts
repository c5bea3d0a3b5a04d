import type { SessionWindow } from "../../plan/window-spec.ts";
import type { EmittedRow } from "../../testing/operator-harness.ts";
import { type Reading, resultName, type WindowCase } from "./window-fixture.ts";
import { type OracleStep, resultOf } from "./window-oracle.ts";

/** A session with all its records in order of arrival, and the row that says it now. */
interface Session {
  readonly key: Record<string, unknown>;
  readonly records: Reading[];
  readonly rank: number;
  said: EmittedRow | null;
}

const timesOf = ({ records }: { readonly records: readonly Reading[] }) => records.map((record) => record.at);
const firstOf = (session: { readonly records: readonly Reading[] }) => Math.min(...timesOf(session));
const lastOf = (session: { readonly records: readonly Reading[] }) => Math.max(...timesOf(session));

/** Sessions by the letter of the definition: lists of records that are merged, and aggregated anew each time. */
export class SessionOracle {
  readonly #case: WindowCase;
  readonly #window: SessionWindow;
  #sessions: Session[] = [];
  #rank = 0;
  readonly #arrivals = new Map<Reading, number>();
  #watermark = Number.NEGATIVE_INFINITY;

  constructor(of: WindowCase, window: SessionWindow) {
    this.#case = of;
    this.#window = window;
  }

  get live(): number {
    return this.#sessions.length;
  }

  records(records: readonly Reading[]): OracleStep {
    const step: OracleStep = { rows: [], late: [] };
    for (const record of records) this.#record(record, step);
    return step;
  }

  watermark(watermark: number): OracleStep {
    this.#watermark = Math.max(this.#watermark, watermark);
    const { gapMs } = this.#window;
    const { allowedLatenessMs, output } = this.#case;
    const delayMs = output === "append" ? allowedLatenessMs : 0;
    const due = this.#sessions
      .filter((session) => session.said === null && this.#watermark >= lastOf(session) + gapMs + delayMs)
      .sort((a, b) => lastOf(a) - lastOf(b) || a.rank - b.rank);
    for (const session of due) session.said = this.#row(session, "+I");
    this.#sessions = this.#sessions.filter((session) => this.#watermark < lastOf(session) + gapMs + allowedLatenessMs);
    return { rows: due.map((session) => this.#row(session, "+I")), late: [] };
  }

  #record(record: Reading, step: OracleStep): void {
    const key = Object.fromEntries(this.#case.keyBy.map((name) => [name, record[name]]));
    this.#arrivals.set(record, this.#arrivals.size);
    const touched = this.#touched(key, record.at);
    const merged: Session = {
      key,
      records: [...touched.flatMap((session) => session.records), record].sort((a, b) => this.#arrivalOf(a) - this.#arrivalOf(b)),
      rank: touched.at(0)?.rank ?? this.#rank,
      said: null,
    };
    const { gapMs } = this.#window;
    const { allowedLatenessMs, output } = this.#case;
    if (this.#watermark >= lastOf(merged) + gapMs + allowedLatenessMs) {
      step.late.push(record);
      return;
    }
    if (touched.length === 0) this.#rank++;
    this.#sessions = [...this.#sessions.filter((session) => !touched.includes(session)), merged];
    if (output !== "append") this.#say(merged, touched, step);
  }

  #arrivalOf(record: Reading): number {
    return this.#arrivals.get(record) ?? 0;
  }

  /** The sessions that take a record, the earlier first. */
  #touched(key: Record<string, unknown>, at: number): Session[] {
    const { gapMs, maxDurationMs } = this.#window;
    const maxMs = maxDurationMs ?? Number.POSITIVE_INFINITY;
    const own = this.#sessions.filter((session) => JSON.stringify(session.key) === JSON.stringify(key));
    const around = own.find((session) => firstOf(session) <= at && at <= lastOf(session));
    if (around !== undefined) return [around];
    const before = own
      .filter((session) => lastOf(session) < at && at - lastOf(session) <= gapMs && at - firstOf(session) < maxMs)
      .sort((a, b) => lastOf(b) - lastOf(a))
      .filter((session) => !own.some((other) => firstOf(other) > firstOf(session) && firstOf(other) < at));
    const after = own
      .filter((session) => firstOf(session) > at && firstOf(session) - at <= gapMs && lastOf(session) - at < maxMs)
      .filter((session) => !own.some((other) => firstOf(other) < firstOf(session) && firstOf(other) > at));
    if (before.length > 0 && after.length > 0 && lastOf(after[0]) - firstOf(before[0]) >= maxMs) return before;
    return [...before, ...after];
  }

  #say(merged: Session, touched: readonly Session[], step: OracleStep): void {
    const said = touched.map((session) => session.said).filter((row) => row !== null);
    const same = said.length === 1 && touched.length === 1 && timesText(touched[0]) === timesText(merged);
    if (same) {
      merged.said = this.#row(merged, "+U");
      if (this.#case.output === "retract") {
        if (JSON.stringify(said[0].fields) === JSON.stringify(merged.said.fields)) return;
        step.rows.push({ ...said[0], kind: "-U" });
      }
      step.rows.push(merged.said);
      return;
    }
    for (const row of said) step.rows.push({ ...row, kind: "-D" });
    if (this.#watermark < lastOf(merged) + this.#window.gapMs) return;
    merged.said = this.#row(merged, "+I");
    step.rows.push(merged.said);
  }

  #row(session: Session, kind: EmittedRow["kind"]): EmittedRow {
    const first = firstOf(session);
    const last = lastOf(session);
    const end = last + this.#window.gapMs;
    const fields: Record<string, unknown> = {
      ...session.key,
      window_start: first,
      window_end: end,
      last_event_time: last,
      duration: last - first,
    };
    for (const aggregate of this.#case.aggregates) fields[resultName(aggregate)] = resultOf(aggregate, session.records);
    return { fields, timeMs: end - 1, kind };
  }
}

function timesText(session: Session): string {
  return `${firstOf(session)} ${lastOf(session)}`;
}
