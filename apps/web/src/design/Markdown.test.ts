import { expect, it } from "vitest";
import { splitBlocks } from "./Markdown.tsx";

it("cuts text into paragraphs, lists and code", () => {
  expect(splitBlocks("One\ntwo\n\n- a\n  b\n- c\n\n```json\n{}\n```\n1. x\n")).toEqual([
    { kind: "paragraph", text: "One two" },
    { kind: "list", ordered: false, items: ["a b", "c"] },
    { kind: "code", text: "{}" },
    { kind: "list", ordered: true, items: ["x"] },
  ]);
});

it("runs code that is never closed to the end", () => {
  expect(splitBlocks("```\na\n\nb")).toEqual([{ kind: "code", text: "a\n\nb" }]);
});
