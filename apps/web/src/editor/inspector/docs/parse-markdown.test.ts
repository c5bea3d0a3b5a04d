import { expect, it } from "vitest";
import { parseInline, parseMarkdown } from "./parse-markdown.ts";

it("reads paragraphs, headings, lists and code", () => {
  expect(parseMarkdown("# T\n\nOne\ntwo.\n\n- a\n  more\n- b\n\n1. x\n2. y\n\n```\ncode *raw*\n```").map((block) => block.kind)).toEqual([
    "heading",
    "paragraph",
    "list",
    "list",
    "code",
  ]);
  expect(parseMarkdown("- a\n  more\n- b")[0]).toEqual({
    kind: "list",
    ordered: false,
    items: [[{ kind: "text", text: "a more" }], [{ kind: "text", text: "b" }]],
  });
});

it("marks running text", () => {
  expect(parseInline("a **b *c*** `d*` *e*")).toEqual([
    { kind: "text", text: "a " },
    {
      kind: "strong",
      content: [
        { kind: "text", text: "b " },
        { kind: "emphasis", content: [{ kind: "text", text: "c" }] },
      ],
    },
    { kind: "text", text: " " },
    { kind: "code", text: "d*" },
    { kind: "text", text: " " },
    { kind: "emphasis", content: [{ kind: "text", text: "e" }] },
  ]);
});

it("leaves HTML and other addresses as text", () => {
  expect(parseInline("<img src=x onerror=alert(1)>")).toEqual([{ kind: "text", text: "<img src=x onerror=alert(1)>" }]);
  expect(parseInline("[x](javascript:alert)")).toEqual([{ kind: "text", text: "[x](javascript:alert)" }]);
  expect(parseInline("[x](https://a.b)")).toEqual([{ kind: "link", href: "https://a.b", content: [{ kind: "text", text: "x" }] }]);
});
