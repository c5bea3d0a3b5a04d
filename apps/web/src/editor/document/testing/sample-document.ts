import { defaultSettings, type PipelineDocument } from "@millrace/engine";
import { recordOf } from "../plain-record.ts";

/** read → filter → write, with a note. */
export function sampleDocument(): PipelineDocument {
  const params = (entries: Record<string, string>) => recordOf(Object.entries(entries));
  return {
    formatVersion: 1,
    pipeline: {
      id: "sample",
      name: "Sample",
      description: "",
      settings: defaultSettings,
      nodes: recordOf([
        ["logs", { type: "reader", version: 1, label: "Logs", params: params({ path: "a.log" }), disabled: false }],
        ["errors", { type: "filter", version: 2, label: "", params: params({ where: "level = 'error'" }), disabled: false }],
        ["file", { type: "write", version: 1, label: "", params: params({ path: "b.log" }), disabled: false }],
      ]),
      edges: [
        { from: "errors.out", to: "file.in" },
        { from: "logs.out", to: "errors.in" },
      ],
      tests: [],
    },
    layout: {
      nodes: recordOf([
        ["logs", { x: 0, y: 0 }],
        ["errors", { x: 320, y: 0 }],
        ["file", { x: 640, y: 0 }],
      ]),
      notes: [{ id: "note_1", text: "Only errors", x: 0, y: 160, width: 224, height: 96 }],
    },
  };
}

/** An empty pipeline. */
export function emptyDocument(): PipelineDocument {
  const sample = sampleDocument();
  return { ...sample, pipeline: { ...sample.pipeline, nodes: recordOf([]), edges: [] }, layout: { nodes: recordOf([]), notes: [] } };
}
