import type { JsonValue } from "@millrace/engine";

/** The entries of a list parameter, whatever the document holds: each has all `members` as text. */
export function readEntries<M extends string>(value: JsonValue | undefined, members: readonly M[]): readonly Record<M, string>[] {
  if (!Array.isArray(value)) return [];
  const list: readonly JsonValue[] = value;
  return list.map((item) => {
    const entry = {} as Record<M, string>; // Every member is set right below.
    for (const member of members) entry[member] = textOf(item, member);
    return entry;
  });
}

function textOf(item: JsonValue, member: string): string {
  if (typeof item !== "object" || item === null || Array.isArray(item)) return "";
  const object = item as { readonly [name: string]: JsonValue }; // Neither a list nor null.
  const value = Object.hasOwn(object, member) ? object[member] : "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** `field`, or `field_2` and so on, whichever no entry is called. */
export function freeName(entries: readonly { readonly name?: string; readonly as?: string }[], base: string): string {
  const taken = new Set(entries.map((entry) => entry.name ?? entry.as));
  if (!taken.has(base)) return base;
  let n = 2;
  while (taken.has(`${base}_${n}`)) n++;
  return `${base}_${n}`;
}
