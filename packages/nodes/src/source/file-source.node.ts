import { defineNode, type Format, param, type Source } from "@millrace/engine";
import { eventTimeDocs, eventTimeParams, refineEventTime, watermarkOf } from "./event-time-params.ts";
import { onSourcePorts, sourceOutputs } from "./source-outputs.ts";

const formatParams = param.group(
  { label: "Format" },
  {
    kind: param.choice({
      label: "Records are",
      default: "json",
      options: [
        { value: "json", label: "JSON lines", help: "One JSON object a line." },
        { value: "csv", label: "CSV", help: "One record a line, quoted as in RFC 4180." },
      ],
    }),
    delimiter: param.text({
      label: "Delimiter",
      help: "The character between two values.",
      default: ",",
      maxLength: 1,
      visibleWhen: { param: "kind", equals: ["csv"] },
    }),
    header: param.toggle({
      label: "First line names the columns",
      help: "Off: the columns stand in the order of the fields below.",
      default: true,
      visibleWhen: { param: "kind", equals: ["csv"] },
    }),
  },
);

const replayParams = param.group(
  { label: "Replay", advanced: true },
  {
    mode: param.choice({
      label: "Records come",
      default: "fast",
      options: [
        { value: "fast", label: "As fast as possible" },
        { value: "paced", label: "Paced by their event time", help: "With the pauses that the records really had." },
      ],
    }),
    speed: param.number({
      label: "Speed-up",
      help: "60: an hour of records in a minute.",
      default: 1,
      min: 0.001,
      max: 1_000_000,
      unit: "×",
      visibleWhen: { param: "mode", equals: ["paced"] },
    }),
  },
);

const fileSourceParams = param
  .params({
    path: param.filePath({ label: "File", purpose: "read", help: "On the machine that runs the pipeline." }),
    format: formatParams,
    fields: param.schema({ label: "Fields", help: "What each record holds. Members that are not named here are skipped." }),
    timeField: param.ownField({
      label: "Event time",
      types: ["timestamp", "bigint"],
      help: "When the thing happened; a bigint is milliseconds since 1970. Without one, time windows cannot be used downstream.",
    }),
    ...eventTimeParams({
      disorderHelp: "A record may be this much older than the newest before it and is still on time.",
      idleLabel: "Idle after",
      idleHelp: "Without records for this long, the source no longer holds back the watermark. Empty: never.",
      idleDefault: null,
    }),
    follow: param.toggle({ label: "Follow", default: false, help: "Wait for new lines at the end of the file, as tail -f does." }),
    replay: replayParams,
  })
  .superRefine((params, context) => {
    refineEventTime(params, params.timeField, params.follow, context);
    const { format } = params;
    if (format.kind === "json" || /^[^"\r\n]$/.test(format.delimiter)) return;
    const message = "The delimiter must be one character, and neither a quote nor the end of a line.";
    context.addIssue({ code: "custom", path: ["format", "delimiter"], message });
  });

function formatOf(params: { readonly kind: "json" | "csv"; readonly delimiter: string; readonly header: boolean }): Format {
  return params.kind === "json" ? { kind: "json" } : { kind: "csv", delimiter: params.delimiter, header: params.header };
}

/** Last part of a path, which is what fits on a card. */
function fileName(path: string): string {
  return path.split(/[\\/]/).findLast((part) => part !== "") ?? path;
}

export const fileSource = defineNode({
  type: "file-source",
  version: 1,
  category: "source",
  label: "File",
  summary: "Reads records from a JSON lines or CSV file.",
  docs: `Reads a file on the machine that runs the pipeline, one record a line, and goes on at the right byte after a restart.

**When to use it.** To replay a log, to try a pipeline on data that you know, or with *Follow* on a file that another program appends to.

**Fields.** Declare the members that you need and their types. A record that lacks one has NULL there. A \`timestamp\` may stand in the file as ISO 8601 text or as milliseconds since 1970.

**Event time and disorder.** Windows go by the field that you choose as event time, not by when the record was read. The watermark trails the newest time by *Out of order by at most*: with \`0s\` every record that is older than an earlier one is late. Measure your data rather than guess; too large a value only delays results, too small a one loses records to the late ports.

${eventTimeDocs}

**Dead letters.** A line that cannot be decoded goes to the port *Dead letters* with its line number and the reason, and reading goes on.

**Pitfalls.** A file that is followed never ends, so its last windows stay open until newer records arrive. *Paced by their event time* keeps the pauses between records: with a log of a day and a speed-up of 60, the replay takes 24 minutes.`,
  icon: "file-input",
  inputs: [],
  outputs: sourceOutputs,
  params: fileSourceParams,
  headline: (params) => (params.follow ? `follows ${fileName(params.path)}` : fileName(params.path)),
  lower: ({ params }) => {
    const format = formatOf(params.format);
    const source: Source = {
      op: "source",
      connector: "file",
      // The connector cuts the file into records, so it needs the format as well.
      options: { path: params.path, follow: params.follow, format },
      format,
      fields: params.fields,
      timeField: params.timeField,
      ...watermarkOf(params.timeField, params),
      pace: params.replay.mode === "paced" ? { speed: params.replay.speed } : null,
    };
    return onSourcePorts(source);
  },
  examples: [
    {
      title: "JSON lines, one of them broken",
      params: {
        path: "requests.ndjson",
        fields: [
          { name: "service", type: "string" },
          { name: "latency_ms", type: "double" },
        ],
      },
      feed: {
        file: [
          { line: '{"service":"checkout","latency_ms":12.5}' },
          { line: '{"service":"search","latency_ms":' },
          { line: '{"service":"cart","note":"no latency"}' },
        ],
      },
      expect: {
        out: [
          { service: "checkout", latency_ms: 12.5 },
          { service: "cart", latency_ms: null },
        ],
      },
    },
    {
      title: "CSV with a header and semicolons",
      params: {
        path: "meters.csv",
        format: { kind: "csv", delimiter: ";" },
        fields: [
          { name: "meter", type: "string" },
          { name: "kwh", type: "double" },
        ],
      },
      feed: { file: [{ line: "kwh;meter" }, { line: "1.5;north" }, { line: '2;"south; roof"' }] },
      expect: {
        out: [
          { meter: "north", kwh: 1.5 },
          { meter: "south; roof", kwh: 2 },
        ],
      },
    },
  ],
});
