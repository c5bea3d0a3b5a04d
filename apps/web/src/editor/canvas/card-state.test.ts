import { checkGraph } from "@millrace/engine";
import { expect, it } from "vitest";
import type { EditOutcome } from "../document/edit-outcome.ts";
import { setDisabled } from "../document/set-disabled.ts";
import { setParam } from "../document/set-param.ts";
import { sampleCatalogue as catalogue } from "../document/testing/sample-catalogue.ts";
import { sampleDocument } from "../document/testing/sample-document.ts";
import { cardState } from "./card-state.ts";

function stateOf(outcome: EditOutcome, slug: string) {
  if (!outcome.ok) throw new Error(outcome.reason);
  const { pipeline } = outcome.document;
  const node = pipeline.nodes[slug];
  return cardState(node, catalogue.find(node.type), checkGraph(pipeline, catalogue).nodes.get(slug));
}

const sample = sampleDocument();
const set = (slug: string, name: string, value: string | undefined) => setParam(sample, catalogue, slug, [name], value);

it("says what is to be done next while something is missing", () => {
  expect(stateOf(set("errors", "where", undefined), "errors")).toEqual({ kind: "unfinished", next: "write a condition" });
  expect(stateOf(set("logs", "path", undefined), "logs")).toEqual({ kind: "unfinished", next: "choose a path" });
  const unfed = { ok: true, document: { ...sample, pipeline: { ...sample.pipeline, edges: [] } } } as const;
  expect(stateOf(unfed, "errors")).toEqual({ kind: "unfinished", next: "connect the input" });
});

it("counts what is wrong, before what is missing", () => {
  const wrong = setParam(sample, catalogue, "logs", ["limits", "rate"], "fast");
  expect(stateOf(wrong, "logs")).toEqual({ kind: "invalid", errors: 1 });
  const both = wrong.ok ? setParam(wrong.document, catalogue, "logs", ["path"], undefined) : wrong;
  expect(stateOf(both, "logs")).toEqual({ kind: "invalid", errors: 1 });
});

it("keeps calm about what is disabled, and says when it does not know a kind", () => {
  expect(stateOf(setDisabled(sample, catalogue, ["errors"], true), "errors")).toEqual({ kind: "fine" });
  const stranger = { type: "martian", version: 1, label: "", params: {}, disabled: true };
  expect(cardState(stranger, undefined, undefined)).toEqual({ kind: "unknown", type: "martian" });
});
