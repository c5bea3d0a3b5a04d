import { type Diagnostic, error, type Place } from "../diagnostics/diagnostic.ts";
import { importReasons } from "../diagnostics/import-reasons.ts";
import type { JsonObject, JsonValue } from "../types/json-value.ts";

const maxProblems = 50;

/** Reads members of foreign objects and gathers what is wrong with them; what is wrong reads as undefined. */
export class DocumentReader {
  private readonly problems: Diagnostic[] = [];
  private unsaid = 0;

  /** All that was refused so far; a document with one of these cannot be opened. */
  diagnostics(): readonly Diagnostic[] {
    if (this.unsaid === 0) return this.problems;
    return [...this.problems, error("IMPORT_INVALID", { reason: importReasons.tooMany({ left: this.unsaid }) })];
  }

  refuse(reason: string, place: Place): void {
    if (this.problems.length < maxProblems) this.problems.push(error("IMPORT_INVALID", { reason }, place));
    else this.unsaid++;
  }

  /** An object with no members but `known`. */
  object(value: JsonValue | undefined, what: string, known: readonly string[], place: Place = { path: what }): JsonObject | undefined {
    const object = this.anyObject(value, what, place);
    for (const name of Object.keys(object ?? {})) {
      if (!known.includes(name)) this.refuse(importReasons.unknownMember({ what, name, known }), place);
    }
    return object;
  }

  /** An object with any members. */
  anyObject(value: JsonValue | undefined, what: string, place: Place = { path: what }): JsonObject | undefined {
    if (value === undefined) this.refuse(importReasons.missing({ what }), place);
    else if (isObject(value)) return value;
    else this.refuse(importReasons.wrongType({ what, expected: "an object", found: value }), place);
    return undefined;
  }

  /** A list; absent reads as empty. */
  list(value: JsonValue | undefined, what: string, place: Place = { path: what }): readonly JsonValue[] {
    if (value === undefined) return [];
    if (Array.isArray(value)) return value;
    this.refuse(importReasons.wrongType({ what, expected: "a list", found: value }), place);
    return [];
  }

  /** A text of at most `maxLength`; absent reads as `absent`, or is refused when there is none. */
  text(value: JsonValue | undefined, what: string, maxLength: number, absent?: string, place: Place = { path: what }): string | undefined {
    if (value === undefined && absent !== undefined) return absent;
    if (value === undefined) this.refuse(importReasons.missing({ what }), place);
    else if (typeof value === "string" && value.length <= maxLength) return value;
    else this.refuse(importReasons.wrongType({ what, expected: `a text of at most ${maxLength} characters`, found: value }), place);
    return undefined;
  }

  /** A whole number from `min` on. */
  count(value: JsonValue | undefined, what: string, min: number, place: Place = { path: what }): number | undefined {
    if (value === undefined) this.refuse(importReasons.missing({ what }), place);
    else if (typeof value === "number" && Number.isSafeInteger(value) && value >= min) return value;
    else this.refuse(importReasons.wrongType({ what, expected: `a whole number from ${min} on`, found: value }), place);
    return undefined;
  }

  /** True or false; absent reads as false. */
  flag(value: JsonValue | undefined, what: string, place: Place = { path: what }): boolean {
    if (value === undefined || typeof value === "boolean") return value ?? false;
    this.refuse(importReasons.wrongType({ what, expected: "true or false", found: value }), place);
    return false;
  }
}

/** True for JSON objects, lists not included. */
export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An object without prototype, for members with foreign names. */
export function record<T>(entries: Iterable<readonly [string, T]> = []): Record<string, T> {
  const made = Object.create(null) as Record<string, T>;
  for (const [name, value] of entries) made[name] = value;
  return made;
}

/** An object of the members that are there, in the order given. */
export function members(all: Readonly<Record<string, JsonValue | undefined>>): JsonObject {
  const present = record<JsonValue>();
  for (const [name, value] of Object.entries(all)) if (value !== undefined) present[name] = value;
  return present;
}
