import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Figures } from "./bench-subject.ts";
import type { BoundedFigure } from "./bounded-figure.ts";
import type { CoresFigures } from "./cores.ts";
import type { Growth } from "./growth.ts";
import { linePlot } from "./line-plot.ts";
import { median } from "./measure.ts";
import type { SliceGrowth } from "./slice-growth.ts";
import type { Tier } from "./subject.ts";
import { subjects } from "./subjects.ts";

const docs = fileURLToPath(new URL("../../docs/", import.meta.url));
export const pagePath = join(docs, "performance.md");
const storedPath = join(docs, "performance.json");

type StoredFigures = Omit<Figures, "rounds">;

/** Of one worker and of several: millions of records a second by the clock, and their ratios; see `CoresFigures`. */
interface CoresShown extends Pick<CoresFigures, "records" | "workers" | "ratio" | "apart" | "floor"> {
  readonly one: number;
  readonly several: number;
}

/** The figures that the page shows, with those of earlier runs that no later one has replaced. */
export interface Stored {
  readonly machine: string;
  /** By subject and tier. */
  readonly figures: Readonly<Record<string, StoredFigures>>;
  readonly slices: SliceGrowth | null;
  readonly growth: readonly Growth[];
  /** Of pipelines over Kafka; absent where they were never measured. */
  readonly kafka?: readonly BoundedFigure[];
  /** Of checkpoints of a million keys. */
  readonly state?: readonly BoundedFigure[] | undefined;
  readonly cores?: CoresShown | undefined;
}

/** Writes what was measured into docs/performance.json, the tables of docs/performance.md and the plots beside it. */
export async function updatePage(measured: {
  readonly machine: string;
  readonly figures?: readonly Figures[];
  readonly slices?: SliceGrowth | null;
  readonly growth?: readonly Growth[];
  readonly kafka?: readonly BoundedFigure[];
  readonly state?: readonly BoundedFigure[];
  readonly cores?: CoresFigures;
}): Promise<void> {
  const before = await readStored();
  const figures = { ...before.figures };
  for (const { rounds: _, ...own } of measured.figures ?? []) figures[`${own.subject} ${own.tier}`] = own;
  const stored: Stored = {
    machine: measured.machine,
    figures,
    slices: measured.slices ?? before.slices,
    growth: measured.growth ?? before.growth,
    kafka: withKafka(before.kafka ?? [], measured.kafka ?? []),
    state: measured.state ?? before.state,
    cores: measured.cores === undefined ? before.cores : shownOf(measured.cores),
  };
  await writeFile(storedPath, `${JSON.stringify(stored, null, 2)}\n`);
  for (const growth of stored.growth) await writeFile(plotPath(growth.id), linePlot(growth));
  await writeFile(pagePath, pageOf(await readFile(pagePath, "utf8"), stored));
}

/** Where the plot of a growth is. */
export function plotPath(id: string): string {
  return join(docs, "images", `cost-by-${id}.svg`);
}

/** The page with the sections that figures make; what is written between them stays. Throws when it lacks one. */
export function pageOf(page: string, stored: Stored): string {
  return withSections(page, sections(stored));
}

/** The figures of docs/performance.json; none when there is no such file. */
export async function readStored(): Promise<Stored> {
  try {
    return JSON.parse(await readFile(storedPath, "utf8"));
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return { machine: "", figures: {}, slices: null, growth: [] };
    throw cause;
  }
}

function sections(stored: Stored): ReadonlyMap<string, string> {
  const { slices, growth } = stored;
  return new Map([
    ["machine", `Measured on ${stored.machine}.`],
    ["scenarios", table(stored, "json", (name) => !isQuery(name))],
    ["json", table(stored, "json", isQuery)],
    ["columns", table(stored, "columns", isQuery)],
    ["slices", slices === null ? "" : sliceLine(slices)],
    ["kafka", boundedTable(stored.kafka ?? [])],
    ["state", boundedTable(stored.state ?? [])],
    ["cores", stored.cores === undefined ? "" : coresLine(stored.cores)],
    ["plots", growth.map(({ id, title }) => `![${title}](images/cost-by-${id}.svg)`).join("\n\n")],
  ]);
}

const isQuery = (name: string): boolean => /^(q|cep)\d+$/.test(name);

function table({ figures }: Stored, tier: Tier, wanted: (name: string) => boolean): string {
  const rows = subjects.flatMap(({ name }) => (wanted(name) ? (figures[`${name} ${tier}`] ?? []) : []));
  return [
    "| | records | M records a CPU second | wanted | plain callbacks | ratio |",
    "|---|---:|---:|---:|---:|---:|",
    ...rows.map(
      ({ title, records, rate, target, plainRate, ratio }) =>
        `| ${title.replace("Nexmark ", "")} | ${records.toLocaleString("en")} | ${rate.toFixed(2)} | ${target === null ? "" : target} | ${plainRate.toFixed(2)} | ×${ratio.toFixed(2)} |`,
    ),
  ].join("\n");
}

function withKafka(before: readonly BoundedFigure[], measured: readonly BoundedFigure[]): readonly BoundedFigure[] {
  return [...before.filter(({ name }) => measured.every((other) => other.name !== name)), ...measured];
}

function boundedTable(figures: readonly BoundedFigure[]): string {
  return [
    "| | median | wanted |",
    "|---|---:|---:|",
    ...figures.map(
      ({ words, value, unit, atLeast, target }) => `| ${words} | ${value.toFixed(2)} ${unit} | ${atLeast ? "≥" : "≤"} ${target} ${unit} |`,
    ),
  ].join("\n");
}

function shownOf({ records, workers, one, several, ratio, apart, floor }: CoresFigures): CoresShown {
  return { records, workers, one: median(one), several: median(several), ratio, apart, floor };
}

function coresLine({ records, workers, one, several, ratio, floor, apart }: CoresShown): string {
  const [slow, fast] = [one, several].map((rate) => rate.toFixed(2));
  return `Error spike, ${records.toLocaleString("en")} records a round, by the clock on the wall: ${slow} M records a second on one worker, ${fast} M on ${workers}, which is ×${ratio.toFixed(2)} (×${floor} is wanted). In the same rounds ${workers} processes of one worker that share nothing but the machine reach ×${apart.toFixed(2)}.`;
}

function sliceLine({ nsOf30, nsOf300, growth }: SliceGrowth): string {
  return `Errors per service in hopping windows, from JSON bytes: ${nsOf30.toFixed(0)} ns a record with 30 slices, ${nsOf300.toFixed(0)} ns with 300, which is ×${growth.toFixed(2)}.`;
}

/** Replaces what stands between `<!-- name -->` and `<!-- /name -->`. Throws when the page lacks a section. */
function withSections(page: string, contents: ReadonlyMap<string, string>): string {
  let text = page;
  for (const [name, content] of contents) {
    const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
    const [from, to] = [text.indexOf(begin), text.indexOf(end)];
    if (from < 0 || to < from) throw new Error(`docs/performance.md has no section from ${begin} to ${end}`);
    text = `${text.slice(0, from + begin.length)}\n${content}\n${text.slice(to)}`;
  }
  return text;
}
