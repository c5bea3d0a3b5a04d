/** A hole of a template: offsets of what stands between `{` and `}`. */
export interface TemplateHole {
  readonly start: number;
  readonly end: number;
}

/** The holes of a template, in order. A doubled brace is the brace itself; a hole that is never closed reaches to the end. */
export function templateHoles(text: string): readonly TemplateHole[] {
  const holes: TemplateHole[] = [];
  for (let i = 0; i < text.length; i++) {
    if (text[i] !== "{") continue;
    if (text[i + 1] === "{") {
      i++;
      continue;
    }
    const end = endOfHole(text, i + 1);
    holes.push({ start: i + 1, end });
    i = end;
  }
  return holes;
}

/** The hole in which an offset lies, or null. */
export function holeAt(text: string, offset: number): TemplateHole | null {
  return templateHoles(text).find((hole) => offset >= hole.start && offset <= hole.end) ?? null;
}

function endOfHole(text: string, start: number): number {
  let quote = "";
  for (let i = start; i < text.length; i++) {
    const char = text[i];
    if (quote !== "") {
      if (char === quote) quote = "";
    } else if (char === "'" || char === "`") quote = char;
    else if (char === "}") return i;
  }
  return text.length;
}
