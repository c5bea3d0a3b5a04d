import { createColumnsSource } from "./columns-source.ts";
import { chainDocument, type SourceField } from "./documents.ts";
import { logLines } from "./log-lines.ts";
import { inThisProcess, measureInTurn } from "./measure.ts";
import { planOf } from "./plan-of.ts";
import { runPlanOverColumns } from "./run-document.ts";
import { viewLines } from "./sessions.ts";

/** What a record costs, in ns of CPU, as one thing grows. */
export interface Curve {
  readonly name: string;
  readonly points: readonly { readonly at: number; readonly nsPerRecord: number }[];
}

/** Curves over the same thing that grows. */
export interface Growth {
  /** File name of its plot. */
  readonly id: string;
  readonly title: string;
  /** What grows. */
  readonly of: string;
  readonly curves: readonly Curve[];
}

interface Options {
  readonly records: number;
  readonly rounds: number;
  readonly say: (line: string) => void;
}

const count = [{ as: "count", fn: "count" }];

/** How the cost of a record from decoded columns grows with keys, with windows and with slices. */
export async function measureGrowth(options: Options): Promise<readonly Growth[]> {
  const keys = [100, 1000, 10_000, 100_000, 1_000_000];
  const views = await Promise.all(keys.map(async (users) => viewLines(options.records, users)));
  const overViews = async (name: string, step: { readonly type: string; readonly params: object }): Promise<Curve> => {
    const document = chainDocument(name, viewFields, "at", [step]);
    return await curve(name, keys, (_, i) => ({ document, bytes: views[i] }), options);
  };
  const log = logLines(options.records);
  const overLog = async (name: string, at: readonly number[], step: (at: number) => { readonly type: string; readonly params: object }) =>
    await curve(name, at, (value) => ({ document: chainDocument(name, logFields, "timestamp", [step(value)]), bytes: log }), options);
  return [
    {
      id: "keys",
      title: "Cost of a record by the number of keys",
      of: "keys",
      curves: [
        await overViews("session window", { type: "session-window", params: { keyBy: ["user"], gap: "30m", aggregates: count } }),
        await overViews("tumbling window", { type: "tumbling-window", params: { keyBy: ["user"], size: "10m", aggregates: count } }),
      ],
    },
    {
      id: "windows",
      title: "Cost of a record by the number of windows that close",
      of: "windows",
      curves: [
        await overLog("tumbling window", [2, 10, 100, 1000, 5000], (windows) => ({
          type: "tumbling-window",
          params: { keyBy: ["service"], size: `${Math.ceil((options.records * 10) / windows)}ms`, aggregates: count },
        })),
      ],
    },
    {
      id: "slices",
      title: "Cost of a record by the slices of a hopping window",
      of: "slices",
      curves: [
        await overLog("longer windows", [1, 3, 10, 30, 100, 300], (slices) => ({
          type: "hopping-window",
          params: { keyBy: ["service"], size: `${slices * 10}s`, slide: "10s", aggregates: count },
        })),
        await overLog("shorter slides", [1, 3, 10, 30, 100, 300], (slices) => ({
          type: "hopping-window",
          params: { keyBy: ["service"], size: "300s", slide: `${300_000 / slices}ms`, aggregates: count },
        })),
      ],
    },
  ];
}

const viewFields: readonly SourceField[] = [
  { name: "at", type: "timestamp" },
  { name: "user", type: "bigint" },
];
const logFields: readonly SourceField[] = [
  { name: "timestamp", type: "timestamp" },
  { name: "service", type: "string" },
];

/** One curve: all its points are measured in turn. */
async function curve(
  name: string,
  at: readonly number[],
  caseOf: (at: number, i: number) => { readonly document: object; readonly bytes: Uint8Array },
  { records, rounds, say }: Options,
): Promise<Curve> {
  const contenders = at.map((value, i) => {
    const { document, bytes } = caseOf(value, i);
    const source = createColumnsSource(bytes);
    const plan = planOf(document);
    return inThisProcess(String(value), records, () => runPlanOverColumns(plan, source.connector, () => {}));
  });
  const measured = await measureInTurn(contenders, rounds);
  const points = measured.map(({ median }, i) => ({ at: at[i], nsPerRecord: 1e9 / median }));
  say(`${name}: ${points.map((point) => `${point.at} ${point.nsPerRecord.toFixed(0)} ns`).join(", ")}`);
  return { name, points };
}
