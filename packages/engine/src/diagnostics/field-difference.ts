import { type Field, sameFields, sameType, showType } from "../types/field-type.ts";

/** The first difference between two lists of fields, in words; null when there is none. */
export function fieldDifference(first: readonly Field[], other: readonly Field[], firstName: string, otherName: string): string | null {
  for (const field of first) {
    const twin = other.find((candidate) => candidate.name === field.name);
    if (twin === undefined) return `"${field.name}" is missing from ${otherName}`;
    if (!sameType(field.type, twin.type)) {
      return `"${field.name}" is ${showType(field.type)} in ${firstName} and ${showType(twin.type)} in ${otherName}`;
    }
  }
  const extra = other.find((field) => first.every((candidate) => candidate.name !== field.name));
  if (extra !== undefined) return `"${extra.name}" is missing from ${firstName}`;
  return sameFields(first, other) ? null : "they stand in another order";
}
