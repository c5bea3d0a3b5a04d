import { defineNode, type Format, param } from "@millrace/engine";
import { sinkInputs } from "./sink-input.ts";

export const fileSink = defineNode({
  type: "file-sink",
  version: 1,
  category: "sink",
  label: "File",
  summary: "Writes records into files of a folder, exactly once.",
  delivery: { exactlyOnce: true, immediate: false },
  docs: `Writes records into a folder on the machine that runs the pipeline, as JSON lines or CSV.

**Exactly once.** The records of each checkpoint go into one file whose name holds the checkpoint's number. It is written under another name, flushed and then renamed, so a reader of the folder never sees half a file, and a crash never leaves a record out or in twice. Checkpoints without records write no file.

**When to use it.** To keep results for other tools, to compare two versions of a pipeline, and as an archive that a **File** source can replay.

**Timestamps** are written as milliseconds since 1970, which a **File** source reads back. In CSV, the first line of each file names the columns, and a cell that begins like a formula of a spreadsheet is neutralised with a leading quote.

**Pitfall.** A checkpoint a second means up to 86,400 files a day. Aggregate first, lengthen the checkpoint interval of the pipeline, or gather the files from time to time.`,
  icon: "folder-output",
  inputs: sinkInputs,
  outputs: [],
  params: param.params({
    path: param.filePath({ label: "Folder", purpose: "write", help: "On the machine that runs the pipeline; made when it is missing." }),
    format: param.choice({
      label: "Format",
      default: "json",
      options: [
        { value: "json", label: "JSON lines" },
        { value: "csv", label: "CSV" },
      ],
    }),
  }),
  headline: (params) => `${params.path} (${params.format === "json" ? "JSON lines" : "CSV"})`,
  lower: ({ params, inputs }) => {
    const format: Format = params.format === "json" ? { kind: "json" } : { kind: "csv", delimiter: ",", header: true };
    return { sink: { op: "sink", input: inputs.in, connector: "file", options: { path: params.path, format }, format } };
  },
  examples: [
    {
      title: "JSON lines",
      params: { path: "results/hourly" },
      feed: {
        in: [
          { service: "cart", errors: 120 },
          { service: "search", errors: 3 },
        ],
      },
      expect: {
        sink: [
          { service: "cart", errors: 120 },
          { service: "search", errors: 3 },
        ],
      },
    },
  ],
});
