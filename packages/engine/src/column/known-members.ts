import type { Key } from "./json-scanner.ts";
import { createKeyPattern, type KeyPattern } from "./key-pattern.ts";

/** More members than these are forgotten together: then records repeat nothing that is worth knowing. */
export const mostMembers = 240;
const mostSiblings = 8;

/** A member at its place in a record: all bytes before its value, and the key that they spell. */
export interface Member {
  readonly before: Uint8Array;
  /** Null when the bytes cannot be found by a pattern. */
  readonly pattern: KeyPattern | null;
  readonly key: Key;
  /** The member before it in the record; null for the first. */
  readonly parent: Member | null;
  /** A member that followed it. */
  next: Member | null;
  /** Another member that stood here in other records. */
  other: Member | null;
}

/**
 * The members of the records so far, by what came before them in their record: a tree, so that a stream of a few kinds of
 * records is known as well as one of a single kind.
 */
export class KnownMembers {
  /** Counts how often everything was forgotten. */
  generation = 0;
  /** In the order in which they came; a parent comes before its children. */
  #all: Member[] = [];
  #first: Member | null = null;

  get all(): readonly Member[] {
    return this.#all;
  }

  /** The members that may begin a record. */
  get first(): Member | null {
    return this.#first;
  }

  /** The member that these bytes spell behind `parent`, which becomes known. */
  learn(parent: Member | null, before: Uint8Array, key: () => Key): Member {
    let siblings = 0;
    let last: Member | null = null;
    for (let member = parent === null ? this.#first : parent.next; member !== null; member = member.other) {
      if (sameBytes(member.before, before)) return member;
      last = member;
      siblings++;
    }
    const member: Member = { before, pattern: createKeyPattern(before), key: key(), parent, next: null, other: null };
    if (siblings >= mostSiblings || this.#all.length >= mostMembers) {
      this.#forget();
      return member;
    }
    // Behind a member that was forgotten in this very record nothing is learnt.
    if (parent !== null && !this.#isKnown(parent)) return member;
    this.#all.push(member);
    if (last !== null) last.other = member;
    else if (parent !== null) parent.next = member;
    else this.#first = member;
    return member;
  }

  #isKnown(member: Member): boolean {
    return this.#all.includes(member);
  }

  #forget(): void {
    this.generation++;
    this.#all = [];
    this.#first = null;
  }
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
