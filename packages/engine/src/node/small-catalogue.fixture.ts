import type { AggregateFunction, OperatorOutput, Source, WindowAggregate } from "../plan/logical-operator.ts";
import { outputOf } from "../plan/logical-operator.ts";
import { createCatalogue } from "./catalogue.ts";
import { defineNode } from "./node-definition.ts";
import * as param from "./params.ts";

/** A catalogue with one node for each thing that parser, checker and planner must tell apart; for tests. */

const words = { summary: "", docs: "", icon: "box", examples: [], headline: () => "ready" } as const;
const functions = ["count", "sum", "avg", "min", "max", "count_distinct", "first", "last"] as const satisfies readonly AggregateFunction[];

const feed = defineNode({
  ...words,
  type: "feed",
  version: 2,
  category: "source",
  label: "Feed",
  inputs: [],
  outputs: [{ name: "out" }, { name: "dead_letter", side: true }],
  params: param.params({
    path: param.filePath({ label: "File", purpose: "read" }),
    fields: param.schema({ label: "Fields" }),
    timeField: param.ownField({ label: "Event time", types: ["timestamp", "bigint"] }),
    disorder: param.duration({ label: "Disorder", default: "0s", maxMs: 86_400_000 }),
    retry: param.group(
      { label: "Retry" },
      {
        times: param.number({ label: "Times", default: 3, min: 0, max: 10, integer: true }),
        pause: param.duration({ label: "Pause", default: "1s" }),
      },
    ),
    password: param.secret({ label: "Password" }),
    headers: param.headers({ label: "Headers", default: {} }),
  }),
  migrateParams: (params, from) => {
    // Version 1 called the path `file`.
    if (from !== 1 || typeof params !== "object" || params === null || !("file" in params)) return params;
    const { file, ...rest } = params;
    return { ...rest, path: file };
  },
  lower: ({ params }) => {
    const source: Source = {
      op: "source",
      connector: "feed",
      options: { path: params.path },
      format: { kind: "json" },
      fields: params.fields,
      timeField: params.timeField,
      watermark: {
        kind: params.timeField === null ? "none" : "bounded",
        disorderMs: params.disorder,
        idleTimeoutMs: null,
        nullTime: "drop",
      },
      pace: null,
    };
    return { out: source, dead_letter: source };
  },
});

const filter = defineNode({
  ...words,
  type: "filter",
  version: 1,
  category: "transform",
  label: "Filter",
  inputs: [{ name: "in" }],
  outputs: [{ name: "out" }],
  params: param.params({ where: param.expression({ label: "Condition", result: "boolean" }) }),
  headline: (params) => params.where,
  lower: ({ params, inputs }) => ({ out: { op: "filter", input: inputs.in, where: params.where } }),
});

const compute = defineNode({
  ...words,
  type: "compute",
  version: 1,
  category: "transform",
  label: "Compute",
  inputs: [{ name: "in" }],
  outputs: [{ name: "out" }],
  params: param.params({ fields: param.namedExpressions({ label: "Fields" }) }),
  lower: ({ params, inputs }) => ({ out: { op: "project", input: inputs.in, fields: params.fields } }),
});

const window = defineNode({
  ...words,
  type: "window",
  version: 1,
  category: "window",
  label: "Window",
  inputs: [{ name: "in" }],
  outputs: [{ name: "out" }, { name: "late", side: true }],
  params: param.params({
    keyBy: param.fields({ label: "Group by", default: [] }),
    kind: param.choice({
      label: "Kind",
      default: "tumbling",
      options: [
        { value: "tumbling", label: "Tumbling" },
        { value: "hopping", label: "Hopping" },
      ],
    }),
    size: param.duration({ label: "Size", default: "5m", minMs: 1, maxMs: 7 * 86_400_000 }),
    slide: param.duration({ label: "Slide", default: "1m", visibleWhen: { param: "kind", equals: ["hopping"] } }),
    aggregates: param.aggregates({ label: "Results", functions }),
    output: param.choice({
      label: "Output",
      default: "append",
      options: [
        { value: "append", label: "Append" },
        { value: "update", label: "Update" },
        { value: "retract", label: "Retract" },
      ],
    }),
  }),
  lower: ({ params, inputs }) => {
    const operator: WindowAggregate<string, OperatorOutput> = {
      op: "window-aggregate",
      input: inputs.in,
      keyBy: params.keyBy,
      window:
        params.kind === "tumbling"
          ? { kind: "tumbling", sizeMs: params.size, offsetMs: 0 }
          : { kind: "hopping", sizeMs: params.size, slideMs: params.slide, offsetMs: 0 },
      aggregates: params.aggregates.map(({ as, fn, argument, filter: where }) => ({
        as,
        fn,
        argument: argument ?? null,
        filter: where ?? null,
      })),
      allowedLatenessMs: 0,
      output: params.output,
    };
    return { out: outputOf(operator), late: outputOf(operator, "late") };
  },
});

const key = defineNode({
  ...words,
  type: "key",
  version: 1,
  category: "transform",
  label: "Key",
  inputs: [{ name: "in" }],
  outputs: [{ name: "out" }],
  params: param.params({ by: param.field({ label: "Field", types: ["string", "bigint"] }) }),
  lower: ({ params, inputs }) => ({ out: { op: "key-by", input: inputs.in, fields: [params.by] } }),
});

const split = defineNode({
  ...words,
  type: "split",
  version: 1,
  category: "transform",
  label: "Split",
  inputs: [{ name: "in" }],
  outputs: (params) => [...params.branches.map(({ name }) => ({ name })), { name: "otherwise" }],
  params: param.params({ branches: param.conditions({ label: "Branches" }) }),
  lower: ({ params, inputs }) => {
    const branches = params.branches.map(({ name, where }) => ({ name, value: where }));
    const operator = { op: "branch", input: inputs.in, branches } as const;
    return Object.fromEntries([...branches.map(({ name }) => name), "otherwise"].map((port) => [port, operator]));
  },
});

const merge = defineNode({
  ...words,
  type: "merge",
  version: 1,
  category: "transform",
  label: "Merge",
  inputs: [{ name: "in", multiple: true }],
  outputs: [{ name: "out" }],
  params: param.params({}),
  lower: ({ inputLists }) => ({ out: { op: "union", inputs: inputLists.in } }),
});

const alert = defineNode({
  ...words,
  type: "alert",
  version: 1,
  category: "pattern",
  label: "Alert",
  inputs: [{ name: "in" }],
  outputs: [{ name: "out" }],
  params: param.params({
    raiseWhen: param.expression({ label: "Raise when", result: "boolean" }),
    title: param.template({ label: "Title" }),
  }),
  lower: ({ params, inputs }) => ({
    out: {
      op: "threshold-alert",
      input: inputs.in,
      keyBy: [],
      raiseWhen: params.raiseWhen,
      clearWhen: null,
      suppressMs: 0,
      repeatMs: null,
      severity: "warning",
      title: params.title,
    },
  }),
});

const store = defineNode({
  ...words,
  type: "store",
  version: 1,
  category: "sink",
  label: "Store",
  inputs: [{ name: "in" }],
  outputs: [],
  params: param.params({ url: param.url({ label: "Address", default: "https://store.example/" }) }),
  lower: ({ params, inputs }) => ({
    sink: { op: "sink", input: inputs.in, connector: "store", options: { url: params.url }, format: { kind: "json" } },
  }),
});

const faulty = defineNode({
  ...words,
  type: "faulty",
  version: 1,
  category: "transform",
  label: "Faulty",
  inputs: [{ name: "in" }],
  outputs: [{ name: "out" }],
  params: param.params({}),
  lower: () => {
    throw new Error("no way to lower this");
  },
});

/** All of them. */
export const smallCatalogue = createCatalogue([feed, filter, compute, window, key, split, merge, alert, store, faulty]);
