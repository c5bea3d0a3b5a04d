import type { PipelineDocument } from "@millrace/engine";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addNode } from "./add-node.ts";
import { connect } from "./connect.ts";
import { disconnect } from "./disconnect.ts";
import { DocumentStore, type Edit } from "./document-store.ts";
import { copyFragment, duplicateItems, pasteFragment } from "./fragment.ts";
import { insertOnEdge } from "./insert-on-edge.ts";
import { moveItems, nudgeItems } from "./move-items.ts";
import { addNote, resizeNote, setNoteText } from "./notes.ts";
import { edgeId } from "./port-ref.ts";
import { reconnect } from "./reconnect.ts";
import { removeItems } from "./remove-items.ts";
import { renameNode } from "./rename-node.ts";
import { renamePipeline } from "./rename-pipeline.ts";
import { selectionOf, selectionOfAll } from "./selection.ts";
import { setDisabled } from "./set-disabled.ts";
import { setParam } from "./set-param.ts";
import { deepFreeze } from "./testing/deep-freeze.ts";
import { sampleCatalogue as catalogue } from "./testing/sample-catalogue.ts";
import { sampleDocument } from "./testing/sample-document.ts";

const pick = fc.nat(1000);
const text = fc.oneof(fc.string({ maxLength: 12 }), fc.constantFrom("", "Errors", "__proto__", "a".repeat(200)));

function at<T>(list: readonly T[], index: number): T | undefined {
  return list.length === 0 ? undefined : list[index % list.length];
}

const slugOf = (document: PipelineDocument, n: number): string => at(Object.keys(document.pipeline.nodes), n) ?? "none";
const edgeOf = (document: PipelineDocument, n: number): string => {
  const edge = at(document.pipeline.edges, n);
  return edge === undefined ? "none" : edgeId(edge);
};
const ports = ["in", "out", "otherwise", "hot", "dead_letter"];
const types = [...catalogue.definitions.map((definition) => definition.type), "martian"];
const position = fc.record({ x: fc.double(), y: fc.integer() });

/** Any command, aimed at whatever the document happens to hold. */
const anyEdit: fc.Arbitrary<Edit> = fc.oneof(
  fc.tuple(pick, position).map(
    ([n, p]): Edit =>
      (d) =>
        addNode(d, catalogue, at(types, n) ?? "", p),
  ),
  fc.tuple(pick, pick).map(
    ([n, m]): Edit =>
      (d) =>
        removeItems(d, selectionOf({ nodes: [slugOf(d, n)], edges: [edgeOf(d, m)] })),
  ),
  fc.tuple(pick, pick, pick, pick).map(
    ([a, p, b, q]): Edit =>
      (d) =>
        connect(d, catalogue, { node: slugOf(d, a), port: ports[p % 5] }, { node: slugOf(d, b), port: ports[q % 5] }),
  ),
  fc.tuple(pick, pick, pick).map(
    ([e, a, b]): Edit =>
      (d) =>
        reconnect(d, catalogue, edgeOf(d, e), { node: slugOf(d, a), port: "out" }, { node: slugOf(d, b), port: "in" }),
  ),
  pick.map(
    (n): Edit =>
      (d) =>
        disconnect(d, edgeOf(d, n)),
  ),
  fc.tuple(pick, pick).map(
    ([n, m]): Edit =>
      (d) =>
        insertOnEdge(d, catalogue, slugOf(d, n), edgeOf(d, m)),
  ),
  fc.tuple(pick, fc.constantFrom("where", "path", "x"), text).map(
    ([n, name, v]): Edit =>
      (d) =>
        setParam(d, catalogue, slugOf(d, n), [name], v),
  ),
  fc.tuple(pick, fc.nat(20)).map(
    ([n, v]): Edit =>
      (d) =>
        setParam(d, catalogue, slugOf(d, n), ["limits", "rate"], v),
  ),
  fc.tuple(pick, fc.uniqueArray(fc.constantFrom("hot", "cold", "warm"))).map(
    ([n, names]): Edit =>
      (d) =>
        setParam(
          d,
          catalogue,
          slugOf(d, n),
          ["branches"],
          names.map((name) => ({ name, where: "TRUE" })),
        ),
  ),
  fc.tuple(pick, text).map(
    ([n, label]): Edit =>
      (d) =>
        renameNode(d, slugOf(d, n), label),
  ),
  text.map(
    (name): Edit =>
      (d) =>
        renamePipeline(d, name),
  ),
  fc.tuple(pick, position).map(
    ([n, p]): Edit =>
      (d) =>
        moveItems(d, { nodes: { [slugOf(d, n)]: p } }),
  ),
  fc.integer({ min: -99, max: 99 }).map(
    (dx): Edit =>
      (d) =>
        nudgeItems(d, selectionOfAll(d), dx, 16),
  ),
  fc.tuple(pick, fc.boolean()).map(
    ([n, off]): Edit =>
      (d) =>
        setDisabled(d, catalogue, [slugOf(d, n)], off),
  ),
  position.map(
    (p): Edit =>
      (d) =>
        addNote(d, p),
  ),
  text.map(
    (t): Edit =>
      (d) =>
        setNoteText(d, d.layout.notes[0]?.id ?? "none", t),
  ),
  position.map(
    (p): Edit =>
      (d) =>
        resizeNote(d, d.layout.notes[0]?.id ?? "none", { ...p, width: 5, height: 1e9 }),
  ),
  pick.map(
    (n): Edit =>
      (d) =>
        duplicateItems(d, catalogue, selectionOf({ nodes: [slugOf(d, n)] })),
  ),
  position.map(
    (p): Edit =>
      (d) =>
        pasteFragment(d, catalogue, copyFragment(d, selectionOfAll(d)) ?? d, p),
  ),
);

const step = fc.record({
  edit: anyEdit,
  coalesce: fc.constantFrom(undefined, "typing", "drag"),
  waitMs: fc.constantFrom(0, 50, 5000),
  travel: fc.constantFrom("none", "none", "none", "undo", "redo"),
});

describe("undo", () => {
  it("gives the original back, byte for byte, and redo gives the end back", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        const original = deepFreeze(sampleDocument());
        const originalText = JSON.stringify(original);
        let nowMs = 0;
        const store = new DocumentStore(original, () => nowMs);
        for (const { edit, coalesce, waitMs, travel } of steps) {
          nowMs += waitMs;
          store.edit((document) => edit(deepFreeze(document)), coalesce === undefined ? { label: "x" } : { label: "x", coalesce });
          if (travel === "undo") store.undo();
          if (travel === "redo") store.redo();
        }
        const end = JSON.stringify(store.document);
        let undone = 0;
        while (store.undo()) undone++;
        expect(JSON.stringify(store.document)).toBe(originalText);
        for (let i = 0; i < undone; i++) store.redo();
        expect(JSON.stringify(store.document)).toBe(end);
      }),
      { numRuns: 300 },
    );
  });

  it("keeps every edge between ports of nodes that exist, sorted and without repeats", () => {
    fc.assert(
      fc.property(fc.array(anyEdit, { maxLength: 30 }), (edits) => {
        const store = new DocumentStore(sampleDocument(), () => 0);
        for (const edit of edits) store.edit(edit, { label: "x" });
        const { nodes, edges } = store.document.pipeline;
        const ids = edges.map((edge) => `${edge.from} ${edge.to}`);
        expect(new Set(ids).size).toBe(ids.length);
        expect(ids).toEqual([...ids].sort());
        for (const edge of edges) {
          expect(Object.hasOwn(nodes, edge.from.split(".")[0]) && Object.hasOwn(nodes, edge.to.split(".")[0])).toBe(true);
        }
        expect(Object.keys(store.document.layout.nodes).sort()).toEqual(Object.keys(nodes).sort());
      }),
      { numRuns: 200 },
    );
  });
});

describe("DocumentStore", () => {
  const type = (store: DocumentStore, value: string) =>
    store.edit((d) => setParam(d, catalogue, "errors", ["where"], value), { label: "Edit Where", coalesce: "errors.where" });

  it("makes one step of a burst of typing, and another after a pause or a seal", () => {
    let nowMs = 0;
    const store = new DocumentStore(sampleDocument(), () => nowMs);
    for (const value of ["a", "ab", "abc"]) {
      type(store, value);
      nowMs += 200;
    }
    expect(store.getSnapshot().history.past).toHaveLength(1);
    nowMs += 5000;
    type(store, "abcd");
    expect(store.getSnapshot().history.past).toHaveLength(2);
    store.seal();
    type(store, "abcde");
    expect(store.getSnapshot().history.past).toHaveLength(3);
    store.undo();
    store.undo();
    expect(store.document.pipeline.nodes.errors.params.where).toBe("abc");
  });

  it("brings back the selection of then, and tells nobody of what did not change", () => {
    const store = new DocumentStore(sampleDocument(), () => 0);
    store.select(selectionOf({ nodes: ["errors", "gone"] }));
    let calls = 0;
    store.subscribe(() => calls++);
    store.select(selectionOf({ nodes: ["errors"] }));
    store.edit((d) => renameNode(d, "errors", ""), { label: "Rename" });
    store.edit((d) => renameNode(d, "gone", "x"), { label: "Rename" });
    expect(calls).toBe(0);
    store.edit((d) => removeItems(d, store.selection), { label: "Delete" });
    expect(store.selection.nodes.size).toBe(0);
    store.undo();
    expect([...store.selection.nodes]).toEqual(["errors"]);
  });
});
