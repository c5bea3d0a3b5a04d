import { describe, expect, it } from "vitest";
import { addAfter } from "./add-after.ts";
import { addNode } from "./add-node.ts";
import { applyLayout } from "./apply-layout.ts";
import { connect } from "./connect.ts";
import type { EditOutcome } from "./edit-outcome.ts";
import { copyFragment, duplicateItems, pasteFragment } from "./fragment.ts";
import { freePosition } from "./free-position.ts";
import { freshSlug } from "./fresh-slug.ts";
import { insertOnEdge } from "./insert-on-edge.ts";
import { moveItems, nudgeItems } from "./move-items.ts";
import { recordOf } from "./plain-record.ts";
import { reconnect } from "./reconnect.ts";
import { removeItems } from "./remove-items.ts";
import { renameNode } from "./rename-node.ts";
import { selectionOf } from "./selection.ts";
import { setDisabled } from "./set-disabled.ts";
import { setParam } from "./set-param.ts";
import { sampleCatalogue as catalogue } from "./testing/sample-catalogue.ts";
import { emptyDocument, sampleDocument } from "./testing/sample-document.ts";

function must(outcome: EditOutcome) {
  if (!outcome.ok) throw new Error(outcome.reason);
  return outcome.document;
}

function reasonOf(outcome: EditOutcome): string {
  if (outcome.ok) throw new Error("the edit was made");
  return outcome.reason;
}

describe("freshSlug", () => {
  it.each([
    ["Errors per service", "errors_per_service"],
    ["Écarts à l'heure", "ecarts_a_l_heure"],
    ["5 min window", "node_5_min_window"],
    ["日本", "node"],
    ["__proto__", "proto"],
  ])("makes %s readable", (label, slug) => {
    expect(freshSlug(label, () => false)).toBe(slug);
  });

  it("numbers repeats and stays within 63 characters", () => {
    const taken = new Set(["a".repeat(63), `${"a".repeat(61)}_2`]);
    const slug = freshSlug("a".repeat(200), (s) => taken.has(s));
    expect(slug).toBe(`${"a".repeat(61)}_3`);
  });
});

describe("nodes", () => {
  it("keeps the slug through a rename", () => {
    const added = must(addNode(emptyDocument(), catalogue, "filter", { x: 3, y: 9 }));
    expect(Object.keys(added.pipeline.nodes)).toEqual(["filter"]);
    expect(added.layout.nodes.filter).toEqual({ x: 0, y: 16 });
    const renamed = must(renameNode(added, "filter", "  Only   errors "));
    expect(renamed.pipeline.nodes.filter.label).toBe("Only errors");
    expect(Object.keys(must(addNode(renamed, catalogue, "filter", { x: 0, y: 0 })).pipeline.nodes)).toEqual(["filter", "filter_2"]);
  });

  it("removes the edges of a removed node and keeps the rest", () => {
    const document = must(removeItems(sampleDocument(), selectionOf({ nodes: ["errors"], notes: ["note_1"] })));
    expect(Object.keys(document.pipeline.nodes)).toEqual(["logs", "file"]);
    expect(document.pipeline.edges).toEqual([]);
    expect(document.layout.notes).toEqual([]);
    expect(Object.keys(document.layout.nodes)).toEqual(["logs", "file"]);
  });

  it("leaves the logic the same object when only the looks change", () => {
    const document = sampleDocument();
    const moved = must(moveItems(document, { nodes: { logs: { x: 100, y: 100 } } }));
    expect(moved.layout.nodes.logs).toEqual({ x: 96, y: 96 });
    expect(moved.pipeline).toBe(document.pipeline);
    expect(must(moveItems(document, { nodes: { logs: { x: 1, y: 2 } } }))).toBe(document);
    expect(must(nudgeItems(document, selectionOf({ notes: ["note_1"] }), 16, 0)).layout.notes[0].x).toBe(16);
  });

  it("lets a note go with its nearest node when the layout is tidied", () => {
    const tidied = must(applyLayout(sampleDocument(), recordOf([["logs", { x: 160, y: 320 }]])));
    expect(tidied.layout.nodes.logs).toEqual({ x: 160, y: 320 });
    expect(tidied.layout.nodes.file).toEqual({ x: 640, y: 0 });
    expect(tidied.layout.notes[0]).toMatchObject({ x: 160, y: 480 });
  });

  it("survives positions that are no numbers", () => {
    const moved = must(moveItems(sampleDocument(), { nodes: { logs: { x: Number.NaN, y: 1e308 } } }));
    expect(moved.layout.nodes.logs).toEqual({ x: 0, y: 1_000_000 });
  });

  it("does not enable what it does not know", () => {
    const document = sampleDocument();
    const stranger = { type: "martian", version: 1, label: "", params: recordOf<never>([]), disabled: true };
    const withStranger = { ...document, pipeline: { ...document.pipeline, nodes: recordOf([["stranger", stranger]]) } };
    expect(reasonOf(setDisabled(withStranger, catalogue, ["stranger"], false))).toContain("martian");
  });
});

describe("placing", () => {
  it("finds room below nodes and notes", () => {
    const first = freePosition(sampleDocument(), { x: 0, y: 0 });
    expect(first.x).toBe(0);
    expect(first.y).toBeGreaterThanOrEqual(160 + 96);
    expect(freePosition(sampleDocument(), { x: 2000, y: 8 })).toEqual({ x: 2000, y: 16 });
  });

  it("adds a node after another one and connects the two", () => {
    const added = must(addAfter(sampleDocument(), catalogue, "filter", "errors"));
    expect(added.pipeline.edges).toContainEqual({ from: "errors.out", to: "filter.in" });
    expect(added.layout.nodes.filter.x).toBe(640);
    const source = must(addAfter(sampleDocument(), catalogue, "reader", "errors"));
    expect(source.pipeline.edges).toHaveLength(2);
  });
});

describe("connect", () => {
  const from = (node: string, port = "out") => ({ node, port });
  const to = (node: string, port = "in") => ({ node, port });

  it("sorts the edges", () => {
    const document = must(addNode(sampleDocument(), catalogue, "union", { x: 0, y: 0 }));
    const connected = must(connect(document, catalogue, from("errors"), to("union")));
    expect(connected.pipeline.edges.map((edge) => `${edge.from}>${edge.to}`)).toEqual([
      "errors.out>file.in",
      "errors.out>union.in",
      "logs.out>errors.in",
    ]);
  });

  it("says why not", () => {
    const document = must(addNode(sampleDocument(), catalogue, "union", { x: 0, y: 0 }));
    const refusal = (a: { node: string; port: string }, b: { node: string; port: string }) => reasonOf(connect(document, catalogue, a, b));
    expect(refusal(from("errors"), to("errors"))).toContain("cannot feed itself");
    expect(refusal(from("logs"), to("file"))).toContain("has that of Filter");
    expect(refusal(from("logs"), to("errors"))).toContain("connected already");
    expect(refusal(from("logs", "nope"), to("union"))).toContain('no output "nope"');
    expect(refusal(from("errors"), to("logs"))).toContain("is a source");
    const looped = must(
      connect(must(removeItems(document, selectionOf({ edges: ["logs.out>errors.in"] }))), catalogue, from("errors"), to("union")),
    );
    expect(reasonOf(connect(looped, catalogue, from("union"), to("errors")))).toContain("no loops");
  });

  it("moves an end or leaves the edge where it was", () => {
    const document = must(addNode(sampleDocument(), catalogue, "union", { x: 0, y: 0 }));
    const moved = must(reconnect(document, catalogue, "errors.out>file.in", from("errors"), to("union")));
    expect(moved.pipeline.edges).toContainEqual({ from: "errors.out", to: "union.in" });
    expect(moved.pipeline.edges).toHaveLength(2);
    expect(reasonOf(reconnect(document, catalogue, "errors.out>file.in", from("logs"), to("errors")))).toContain("connected already");
  });

  it("puts a node into an edge", () => {
    const document = must(addNode(sampleDocument(), catalogue, "filter", { x: 0, y: 0 }));
    const inserted = must(insertOnEdge(document, catalogue, "filter", "errors.out>file.in"));
    expect(inserted.pipeline.edges).toEqual([
      { from: "errors.out", to: "filter.in" },
      { from: "filter.out", to: "file.in" },
      { from: "logs.out", to: "errors.in" },
    ]);
    const source = must(addNode(sampleDocument(), catalogue, "reader", { x: 0, y: 0 }));
    expect(reasonOf(insertOnEdge(source, catalogue, "read_a_file", "errors.out>file.in"))).toContain("no input");
  });
});

describe("setParam", () => {
  it("leaves defaults out and empties groups", () => {
    const document = sampleDocument();
    const changed = must(setParam(document, catalogue, "logs", ["limits", "rate"], 20));
    expect(changed.pipeline.nodes.logs.params).toEqual({ path: "a.log", limits: { rate: 20 } });
    const back = must(setParam(changed, catalogue, "logs", ["limits", "rate"], 10));
    expect(back.pipeline.nodes.logs.params).toEqual({ path: "a.log" });
    expect(must(setParam(document, catalogue, "logs", ["limits", "rate"], 10))).toBe(document);
    expect(must(setParam(document, catalogue, "logs", ["path"], undefined)).pipeline.nodes.logs.params).toEqual({});
  });

  it("lets edges follow a renamed output and go with a removed one", () => {
    let document = must(addNode(sampleDocument(), catalogue, "branch", { x: 0, y: 0 }));
    document = must(
      setParam(
        document,
        catalogue,
        "branch",
        ["branches"],
        [
          { name: "hot", where: "t > 9" },
          { name: "cold", where: "t < 1" },
        ],
      ),
    );
    document = must(addNode(document, catalogue, "union", { x: 0, y: 0 }));
    document = must(connect(document, catalogue, { node: "branch", port: "hot" }, { node: "union", port: "in" }));
    const renamed = must(setParam(document, catalogue, "branch", ["branches", 0, "name"], "warm"));
    expect(renamed.pipeline.edges).toContainEqual({ from: "branch.warm", to: "union.in" });
    const typing = must(setParam(renamed, catalogue, "branch", ["branches", 0, "where"], ""));
    expect(typing.pipeline.edges).toContainEqual({ from: "branch.warm", to: "union.in" });
    const removed = must(setParam(renamed, catalogue, "branch", ["branches"], [{ name: "cold", where: "t < 1" }]));
    expect(removed.pipeline.edges.some((edge) => edge.from.startsWith("branch."))).toBe(false);
  });
});

describe("copy and paste", () => {
  it("takes the edges inside along and gives fresh slugs", () => {
    const document = sampleDocument();
    const fragment = copyFragment(document, selectionOf({ nodes: ["logs", "errors"], notes: ["note_1"] }));
    if (fragment === null) throw new Error("nothing was copied");
    expect(fragment.pipeline.edges).toEqual([{ from: "logs.out", to: "errors.in" }]);
    const outcome = pasteFragment(document, catalogue, fragment, { x: 1000, y: 1000 });
    const pasted = must(outcome);
    expect(Object.keys(pasted.pipeline.nodes)).toEqual(["logs", "errors", "file", "logs_2", "filter"]);
    expect(pasted.layout.nodes.filter).toEqual({ x: 1328, y: 1008 });
    expect(pasted.pipeline.edges).toContainEqual({ from: "logs_2.out", to: "filter.in" });
    expect(outcome.ok && outcome.selection?.nodes).toEqual(new Set(["logs_2", "filter"]));
    expect(pasted.layout.notes.map((note) => note.id)).toEqual(["note_1", "note_2"]);
  });

  it("duplicates a little off", () => {
    const document = must(duplicateItems(sampleDocument(), catalogue, selectionOf({ nodes: ["file"] })));
    expect(document.layout.nodes.write_a_file).toEqual({ x: 672, y: 32 });
  });
});
