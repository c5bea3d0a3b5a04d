import { Fragment, type ReactNode } from "react";
import { classNames } from "./class-names.ts";

export interface MarkdownProps {
  readonly text: string;
  readonly className?: string;
}

/**
 * The Markdown that our own docs use: paragraphs, headings, lists, fenced code, and in a line `code`, **strong** and
 * *emphasis*. Everything else, HTML and links included, is shown as the text that it is.
 */
export function Markdown({ text, className }: MarkdownProps) {
  return <div className={classNames("flex flex-col gap-3 text-14 text-ink-2", className)}>{splitBlocks(text).map(renderBlock)}</div>;
}

type Block =
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "list"; readonly ordered: boolean; readonly items: readonly string[] }
  | { readonly kind: "heading"; readonly text: string }
  | { readonly kind: "paragraph"; readonly text: string };

const bullet = /^[-*] +(.*)$/;
const numbered = /^\d+[.)] +(.*)$/;

/** Cuts the text into blocks; a fence that is never closed runs to the end. */
export function splitBlocks(text: string): readonly Block[] {
  const blocks: Block[] = [];
  const lines = text.split(/\r?\n/);
  for (let i = 0; i < lines.length; ) {
    const line = lines[i] ?? "";
    if (line.startsWith("```")) {
      const end = lines.findIndex((other, j) => j > i && other.startsWith("```"));
      const stop = end === -1 ? lines.length : end;
      blocks.push({ kind: "code", text: lines.slice(i + 1, stop).join("\n") });
      i = stop + 1;
    } else if (line.trim() === "") i++;
    else {
      const stop = endOfBlock(lines, i);
      blocks.push(textBlock(lines.slice(i, stop)));
      i = stop;
    }
  }
  return blocks;
}

function endOfBlock(lines: readonly string[], start: number): number {
  let end = start + 1;
  while (end < lines.length && (lines[end] ?? "").trim() !== "" && !(lines[end] ?? "").startsWith("```")) end++;
  return end;
}

function textBlock(lines: readonly string[]): Block {
  const first = lines[0] ?? "";
  const marker = bullet.test(first) ? bullet : numbered.test(first) ? numbered : null;
  if (marker !== null) {
    const items: string[] = [];
    for (const line of lines) {
      const item = marker.exec(line)?.[1];
      if (item !== undefined) items.push(item);
      else items.push(`${items.pop() ?? ""} ${line.trim()}`);
    }
    return { kind: "list", ordered: marker === numbered, items };
  }
  const heading = /^#{1,4} +(.*)$/.exec(first)?.[1];
  if (heading !== undefined && lines.length === 1) return { kind: "heading", text: heading };
  return { kind: "paragraph", text: lines.join(" ") };
}

function renderBlock(block: Block, index: number): ReactNode {
  switch (block.kind) {
    case "code":
      return (
        <pre
          key={index}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: code that scrolls sideways must be reachable by keyboard
          tabIndex={0}
          className="overflow-x-auto rounded-control border border-line bg-surface-2 p-3 font-mono text-12 text-ink"
        >
          {block.text}
        </pre>
      );
    case "list": {
      const Tag = block.ordered ? "ol" : "ul";
      return (
        <Tag key={index} className={classNames("flex flex-col gap-1 ps-5", block.ordered ? "list-decimal" : "list-disc")}>
          {block.items.map((item) => (
            <li key={item}>{renderInline(item)}</li>
          ))}
        </Tag>
      );
    }
    case "heading":
      return (
        <p key={index} className="text-14 font-semibold text-ink">
          {renderInline(block.text)}
        </p>
      );
    case "paragraph":
      return <p key={index}>{renderInline(block.text)}</p>;
  }
}

const inline = /`([^`]+)`|\*\*([^*]+)\*\*|\*([^*\s][^*]*)\*/g;

function renderInline(text: string): ReactNode {
  const parts: ReactNode[] = [];
  let last = 0;
  for (const match of text.matchAll(inline)) {
    const [whole, code, strong, emphasis] = match;
    parts.push(text.slice(last, match.index));
    if (code !== undefined)
      parts.push(
        <code key={match.index} className="rounded-[4px] bg-surface-2 px-1 py-px font-mono text-[0.92em] text-ink">
          {code}
        </code>,
      );
    else if (strong !== undefined)
      parts.push(
        <strong key={match.index} className="font-semibold text-ink">
          {strong}
        </strong>,
      );
    else parts.push(<em key={match.index}>{emphasis}</em>);
    last = match.index + whole.length;
  }
  parts.push(text.slice(last));
  return <Fragment>{parts}</Fragment>;
}
