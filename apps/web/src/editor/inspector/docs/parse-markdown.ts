/** A piece of running text. */
export type Inline =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "strong" | "emphasis"; readonly content: readonly Inline[] }
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "link"; readonly href: string; readonly content: readonly Inline[] };

/** A block of a document. */
export type Block =
  | { readonly kind: "paragraph"; readonly content: readonly Inline[] }
  | { readonly kind: "heading"; readonly content: readonly Inline[] }
  | { readonly kind: "list"; readonly ordered: boolean; readonly items: readonly (readonly Inline[])[] }
  | { readonly kind: "code"; readonly text: string };

const bullet = /^\s*[-*]\s+(.*)$/;
const numbered = /^\s*\d+[.)]\s+(.*)$/;
const heading = /^#{1,6}\s+(.*)$/;

/**
 * Reads the part of Markdown that documentation of nodes uses: paragraphs, headings, lists of one level, fenced
 * code, bold, italics, code and links to http(s). All else, HTML above all, is plain text.
 */
export function parseMarkdown(text: string): readonly Block[] {
  const blocks: Block[] = [];
  const lines = text.replaceAll("\r\n", "\n").split("\n");
  let paragraph: string[] = [];
  const endParagraph = (): void => {
    if (paragraph.length > 0) blocks.push({ kind: "paragraph", content: parseInline(paragraph.join(" ")) });
    paragraph = [];
  };
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i];
    const title = heading.exec(line);
    if (line.startsWith("```")) {
      endParagraph();
      const end = lines.findIndex((other, at) => at > i && other.startsWith("```"));
      blocks.push({ kind: "code", text: lines.slice(i + 1, end < 0 ? undefined : end).join("\n") });
      i = end < 0 ? lines.length : end;
    } else if (title !== null) {
      endParagraph();
      blocks.push({ kind: "heading", content: parseInline(title[1]) });
    } else if (bullet.test(line) || numbered.test(line)) {
      endParagraph();
      const form = bullet.test(line) ? bullet : numbered;
      const items: string[] = [];
      for (; i < lines.length && (form.test(lines[i]) || /^\s{2,}\S/.test(lines[i])); i++) {
        const item = form.exec(lines[i]);
        if (item !== null) items.push(item[1]);
        else items[items.length - 1] += ` ${lines[i].trim()}`;
      }
      i--;
      blocks.push({ kind: "list", ordered: form === numbered, items: items.map(parseInline) });
    } else if (line.trim() === "") endParagraph();
    else paragraph.push(line.trim());
  }
  endParagraph();
  return blocks;
}

const inlineForms = /`([^`]+)`|\*\*([^*]+(?:\*[^*]+\*[^*]*)*)\*\*|\*([^*\s][^*]*)\*|\[([^\]]+)\]\(([^)\s]+)\)/;

/** Running text with its marks. */
export function parseInline(text: string): readonly Inline[] {
  const match = inlineForms.exec(text);
  if (match === null) return text === "" ? [] : [{ kind: "text", text }];
  const before = text.slice(0, match.index);
  const rest = parseInline(text.slice(match.index + match[0].length));
  return [...(before === "" ? [] : [{ kind: "text" as const, text: before }]), inlineOf(match), ...rest];
}

function inlineOf(match: RegExpExecArray): Inline {
  const [whole, code, strong, emphasis, linkText, href] = match as readonly (string | undefined)[]; // Groups that did not take part are undefined.
  if (code !== undefined) return { kind: "code", text: code };
  if (strong !== undefined) return { kind: "strong", content: parseInline(strong) };
  if (emphasis !== undefined) return { kind: "emphasis", content: parseInline(emphasis) };
  if (linkText !== undefined && href !== undefined && /^https?:\/\//.test(href))
    return { kind: "link", href, content: parseInline(linkText) };
  return { kind: "text", text: whole ?? "" };
}
