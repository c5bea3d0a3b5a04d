/** A step of a JSON path: the name of a member or the index of an element (from 0). */
export type JsonStep = string | number;

const remembered = new Map<string, readonly JsonStep[] | null>();

const step =
  /\.\s*([\p{ID_Start}_][\p{ID_Continue}-]*)|\.\s*"((?:[^"\\]|\\.)*)"|\[\s*'([^']*)'\s*\]|\[\s*"((?:[^"\\]|\\.)*)"\s*\]|\[\s*(\d{1,9})\s*\]/uy;

/**
 * The steps of a path such as `$.order.items[0]['unit price']`; `lax` or `strict` may stand before it. Null when
 * it is none; wildcards, slices and filters are not known. Paths are remembered, up to a bound.
 */
export function parseJsonPath(path: string): readonly JsonStep[] | null {
  const known = remembered.get(path);
  if (known !== undefined) return known;
  const steps = read(path);
  if (remembered.size >= 256) remembered.clear();
  remembered.set(path, steps);
  return steps;
}

function read(path: string): readonly JsonStep[] | null {
  const start = /^\s*(?:lax\s+|strict\s+)?\$/i.exec(path);
  if (start === null) return null;
  const steps: JsonStep[] = [];
  let at = start[0].length;
  const end = path.trimEnd().length;
  while (at < end) {
    step.lastIndex = at;
    const match = step.exec(path);
    if (match === null || match[0] === "") return null;
    const [, name, quoted, single, double, index]: (string | undefined)[] = match;
    steps.push(index === undefined ? (name ?? single ?? withoutEscapes(quoted ?? double ?? "")) : Number(index));
    at = step.lastIndex;
  }
  return steps;
}

function withoutEscapes(text: string): string {
  return text.replace(/\\(.)/gs, "$1");
}

/** The value at the end of the path, undefined when there is none. Only own members count. */
export function followJsonPath(value: unknown, steps: readonly JsonStep[]): unknown {
  let at = value;
  for (const name of steps) {
    at = memberOf(at, name);
    if (at === undefined) return undefined;
  }
  return at;
}

/** An own member of an object, or an element (from 0) of an array; undefined when there is none. */
export function memberOf(value: unknown, name: JsonStep): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  if (typeof name === "number") return Array.isArray(value) ? value[name] : undefined;
  return !Array.isArray(value) && Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
}

/** The path as text, in its shortest unambiguous form. */
export function writeJsonPath(steps: readonly JsonStep[]): string | null {
  let text = "$";
  for (const part of steps) {
    if (typeof part === "number") text += `[${part}]`;
    else if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(part)) text += `.${part}`;
    else if (!part.includes("'")) text += `['${part}']`;
    else return null;
  }
  return text;
}

/** A value from JSON text; undefined when it is none. */
export function parseJsonText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** JSON text of a value, null when it is none or nested too deeply to be written. */
export function writeJsonText(value: unknown): string | null {
  try {
    return JSON.stringify(value) ?? null;
  } catch {
    return null;
  }
}

/** Text of a scalar: a string itself, known numbers and booleans as JSON writes them; null for null, objects and arrays. */
export function scalarText(value: unknown): string | null {
  if (typeof value === "string") return value;
  if (typeof value === "number") return isKnownNumber(value) ? String(value) : null;
  return typeof value === "boolean" ? String(value) : null;
}

/** Below it numbers are written with all their digits. */
const firstWithExponent = 1e21;

/** Of whole numbers beyond ±2^53 the last digits are lost, so that two ids could become one; what is infinite was larger than any number. */
function isKnownNumber(value: number): boolean {
  const size = Math.abs(value);
  return size <= Number.MAX_SAFE_INTEGER || (size >= firstWithExponent && Number.isFinite(value));
}
