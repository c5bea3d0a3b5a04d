import { createElement, Fragment, type ReactNode } from "react";
import { type Block, type Inline, parseMarkdown } from "./parse-markdown.ts";

/** Documentation text. Only what `parseMarkdown` knows becomes elements; there is no raw HTML. */
export function Markdown({ text }: { readonly text: string }) {
  return <div className="flex flex-col gap-3 text-13 leading-normal text-ink-2">{inOrder(parseMarkdown(text).map(renderBlock))}</div>;
}

/** Children that never change places need no keys. */
function inOrder(children: readonly ReactNode[]): ReactNode {
  return createElement(Fragment, null, ...children);
}

function renderBlock(block: Block): ReactNode {
  switch (block.kind) {
    case "heading":
      return <h4 className="font-semibold text-ink">{renderInline(block.content)}</h4>;
    case "paragraph":
      return <p>{renderInline(block.content)}</p>;
    case "code":
      return <pre className="overflow-x-auto rounded-control bg-surface-2 p-2 font-mono text-12 text-ink">{block.text}</pre>;
    case "list": {
      const items = inOrder(block.items.map((item) => createElement("li", null, renderInline(item))));
      return block.ordered ? <ol className="ms-5 list-decimal">{items}</ol> : <ul className="ms-5 list-disc">{items}</ul>;
    }
  }
}

function renderInline(content: readonly Inline[]): ReactNode {
  return inOrder(content.map(renderPiece));
}

function renderPiece(piece: Inline): ReactNode {
  switch (piece.kind) {
    case "text":
      return piece.text;
    case "code":
      return <code className="rounded-[3px] bg-surface-2 px-1 py-px font-mono text-12 text-ink">{piece.text}</code>;
    case "strong":
      return <strong className="font-semibold text-ink">{renderInline(piece.content)}</strong>;
    case "emphasis":
      return <em>{renderInline(piece.content)}</em>;
    case "link":
      return (
        <a href={piece.href} target="_blank" rel="noopener noreferrer" className="text-accent underline underline-offset-2">
          {renderInline(piece.content)}
        </a>
      );
  }
}
