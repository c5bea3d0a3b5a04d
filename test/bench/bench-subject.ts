import { createColumnsSource } from "./columns-source.ts";
import { startContender } from "./contender-process.ts";
import floors from "./floors.json" with { type: "json" };
import { type Measured, measureInTurn } from "./measure.ts";
import { planOf } from "./plan-of.ts";
import { runPlan, runPlanOverColumns } from "./run-document.ts";
import { rowsOf } from "./sink-rows.ts";
import type { Lines, Row, Subject, Tier } from "./subject.ts";

/** What was measured of a subject in a tier. Rates are millions of records per CPU second. */
export interface Figures {
  readonly subject: string;
  readonly title: string;
  readonly tier: Tier;
  readonly records: number;
  readonly rows: number;
  readonly rate: number;
  readonly target: number | null;
  readonly plainRate: number;
  readonly ratio: number;
  /** The least ratio that `--check` lets pass. */
  readonly floor: number;
  readonly rounds: readonly Measured[];
}

/** The tiers that a subject is measured in. */
export function tiersOf({ targets }: Subject): readonly Tier[] {
  return targets.columns === undefined ? ["json"] : ["json", "columns"];
}

/**
 * Measures a subject in turn with its plain implementation, each in a process of its own. Throws when their rows differ: then no
 * figure counts.
 */
export async function benchSubject(
  subject: Subject,
  tier: Tier,
  options: { readonly records: number; readonly rounds: number; readonly onProgress?: (line: string) => void },
): Promise<Figures> {
  const records = Math.round(options.records * (subject.scale ?? 1));
  const { name, title } = subject;
  const rows = await expectSameRows(subject, tier, records);
  const task = { subject: name, tier, records, rows };
  const own = await startContender({ ...task, side: "own" });
  const plain = await startContender({ ...task, side: "plain" });
  const measured = await measureInTurn([own, plain], options.rounds, options.onProgress);
  own.stop();
  plain.stop();
  const [rate, plainRate] = measured.map(({ median }) => median / 1e6);
  const target = (tier === "json" ? subject.targets.json : subject.targets.columns) ?? null;
  return {
    subject: name,
    title,
    tier,
    records,
    rows,
    rate,
    target,
    plainRate,
    ratio: rate / plainRate,
    floor: floorOf(name, tier),
    rounds: measured,
  };
}

/** Throws when a subject gives other rows than its plain implementation, or none. Returns how many there are. */
export function expectSameRows(subject: Subject, tier: Tier, records: number): Promise<number> {
  return tier === "json" ? compareJson(subject, records) : compareColumns(subject, records);
}

/** The least ratio of a subject in a tier; 0 when floors.json has none. */
export function floorOf(name: string, tier: Tier): number {
  const own: Partial<Record<Tier, number>> | undefined = new Map(Object.entries(floors)).get(name);
  return own?.[tier] ?? 0;
}

async function compareJson(subject: Subject, records: number): Promise<number> {
  const input = subject.input(records);
  const plan = planOf(subject.document);
  return compare(subject, linesToRows(subject.plain(input)), linesToRows(await runPlan(plan, input)));
}

async function compareColumns(subject: Subject, records: number): Promise<number> {
  const { plainColumns } = subject;
  if (plainColumns === undefined) throw new Error(`"${subject.name}" has no plain implementation over columns`);
  const [[path, bytes]] = subject.input(records);
  const source = createColumnsSource(bytes);
  const plan = planOf(subject.document);
  const fields = plan.steps.find(({ operator }) => operator.op === "sink")?.inputs[0].fields ?? [];
  const own: Row[] = [];
  await runPlanOverColumns(plan, source.connector, (_node, batch) => own.push(...rowsOf(batch, fields)));
  const plain: Row[] = [];
  plainColumns(source.input(), (row) => plain.push(row));
  return compare(subject, new Map([[path, plain]]), new Map([[path, own]]));
}

function linesToRows(lines: Lines): ReadonlyMap<string, readonly Row[]> {
  const parse = (bytes: Uint8Array): Row[] => {
    const rows: Row[] = [];
    for (let at = 0; at < bytes.length; ) {
      const end = bytes.indexOf(0x0a, at);
      if (end > at) rows.push(JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset + at, end - at).toString()));
      at = end + 1;
    }
    return rows;
  };
  return new Map([...lines].map(([path, bytes]) => [path, parse(bytes)]));
}

/** Throws when the rows of any sink differ; returns how many rows there are. */
function compare(subject: Subject, expected: ReadonlyMap<string, readonly Row[]>, actual: ReadonlyMap<string, readonly Row[]>): number {
  let count = 0;
  const linesOf = (rows: readonly Row[], path: string): string[] =>
    (subject.settled?.(rows, path) ?? rows).map((row) => JSON.stringify(row)).sort();
  for (const [path, rows] of expected) {
    const [wanted, got] = [linesOf(rows, path), linesOf(actual.get(path) ?? [], path)];
    const at = wanted.findIndex((line, i) => line !== got[i]);
    if (at >= 0 || wanted.length !== got.length)
      throw new Error(
        `The outputs of "${subject.name}" to "${path}" differ, so no figure counts: ${wanted.length} rows the plain way, ${got.length} of Millrace.\nplain:    ${wanted[Math.max(at, 0)]}\nMillrace: ${got[Math.max(at, 0)]}`,
      );
    if (wanted.length === 0) throw new Error(`"${subject.name}" has no rows in "${path}", so nothing was compared; take more records`);
    count += rows.length;
  }
  return count;
}
