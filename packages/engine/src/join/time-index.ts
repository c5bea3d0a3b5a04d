import { maxBatchRows } from "../column/batch.ts";
import { grownInt32 } from "../state/grown-array.ts";

/** Slots with their times; the array may be replaced as it grows. */
export interface TimedSlots {
  readonly time: Float64Array;
}

/**
 * Sets of slots, one for each group, ordered by (time, insertion). All arrays are pooled over the groups, so that
 * many small groups cost no objects.
 *
 * A group is a treap (Seidel and Aragon, "Randomized search trees", 1996) whose priorities are hashes of the
 * slots; its members are chained in order besides. Insertion and search take logarithmic time whatever the
 * disorder, removal of the first takes constant time on average. A slot is in at most one group.
 */
export class TimeIndex {
  readonly #slots: TimedSlots;
  /** A node is a slot + 1; 0 is none. By group. */
  #roots: Int32Array = new Int32Array(16);
  #firsts: Int32Array = new Int32Array(16);
  /** By node. */
  #lefts: Int32Array = new Int32Array(16);
  #rights: Int32Array = new Int32Array(16);
  #nexts: Int32Array = new Int32Array(16);
  /** Of no meaning: what is read has to go somewhere, or it is not read. */
  readonly #met = new Float64Array(maxBatchRows);
  /** The last node before and the first behind the node that was split for; 0 when the subtree has none. */
  #splitLeft = 0;
  #splitRight = 0;

  constructor(slots: TimedSlots) {
    this.#slots = slots;
  }

  /** Approximate bytes held. */
  get bytes(): number {
    return this.#roots.byteLength * 2 + this.#lefts.byteLength * 3;
  }

  /** Adds a slot to a group, behind those of the same time. */
  insert(group: number, slot: number): void {
    const node = slot + 1;
    this.#reserve(group, node);
    const { time } = this.#slots;
    const at = time[slot];
    const priority = priorityOf(node);
    let parent = 0;
    let before = 0;
    let after = 0;
    let below = this.#roots[group];
    while (below !== 0 && priorityOf(below) >= priority) {
      parent = below;
      if (time[below - 1] <= at) {
        before = below;
        below = this.#rights[below];
      } else {
        after = below;
        below = this.#lefts[below];
      }
    }
    if (parent === 0) this.#roots[group] = node;
    else if (parent === before) this.#rights[parent] = node;
    else this.#lefts[parent] = node;
    this.#split(below, node, at);
    this.#chain(group, node, this.#splitLeft === 0 ? before : this.#splitLeft, this.#splitRight === 0 ? after : this.#splitRight);
  }

  /** The first slot of a group; -1 when it is empty. */
  first(group: number): number {
    return group < this.#firsts.length ? this.#firsts[group] - 1 : -1;
  }

  /** The slot after `slot` in its group; -1 behind the last. */
  next(slot: number): number {
    return this.#nexts[slot + 1] - 1;
  }

  /** The first slot of a group whose time is at least `timeMs`; -1 when there is none. */
  atOrAfter(group: number, timeMs: number): number {
    const { time } = this.#slots;
    let found = 0;
    let node = group < this.#roots.length ? this.#roots[group] : 0;
    while (node !== 0) {
      if (time[node - 1] >= timeMs) {
        found = node;
        node = this.#lefts[node];
      } else node = this.#rights[node];
    }
    return found - 1;
  }

  /** The last slot of a group whose time is at most `timeMs`; -1 when there is none. */
  atOrBefore(group: number, timeMs: number): number {
    const { time } = this.#slots;
    let found = 0;
    let node = group < this.#roots.length ? this.#roots[group] : 0;
    while (node !== 0) {
      if (time[node - 1] <= timeMs) {
        found = node;
        node = this.#rights[node];
      } else node = this.#lefts[node];
    }
    return found - 1;
  }

  /**
   * Reads the top of `groups[0…count)`, at most `maxBatchRows`, which brings them into the cache: reads that do not wait for
   * each other cost a fraction of those of one search after the other. -1 is no group. All groups are below `end`.
   */
  meet(groups: Int32Array, count: number, end: number): void {
    this.#reserveGroups(end);
    const { time } = this.#slots;
    const [roots, lefts, rights, met] = [this.#roots, this.#lefts, this.#rights, this.#met];
    for (let i = 0; i < count; i++) {
      // All bits set, or none for -1. A branch would be guessed wrong, and the reads behind it begun too late.
      const isGroup = ~(groups[i] >> 31);
      const node = roots[groups[i] & isGroup] & isGroup;
      met[i] = time[(node - 1) & ~((node - 1) >> 31)] + lefts[node] + rights[node];
    }
  }

  /** Makes `slots[0…count)`, which are in order, the members of a group. */
  replace(group: number, slots: Int32Array, count: number): void {
    for (let i = 0; i < count; i++) this.#reserve(group, slots[i] + 1);
    // The right spine of the treap so far, the root first.
    const spine = new Int32Array(count);
    let height = 0;
    for (let i = 0; i < count; i++) {
      const node = slots[i] + 1;
      let below = 0;
      while (height > 0 && priorityOf(spine[height - 1]) < priorityOf(node)) below = spine[--height];
      this.#lefts[node] = below;
      this.#rights[node] = 0;
      if (height > 0) this.#rights[spine[height - 1]] = node;
      spine[height++] = node;
      this.#nexts[node] = i + 1 < count ? slots[i + 1] + 1 : 0;
    }
    if (group >= this.#roots.length) return;
    this.#roots[group] = count === 0 ? 0 : spine[0];
    this.#firsts[group] = count === 0 ? 0 : slots[0] + 1;
  }

  /** Removes the first slot of a group that is not empty; returns it. */
  removeFirst(group: number): number {
    const node = this.#firsts[group];
    let parent = 0;
    for (let above = this.#roots[group]; above !== node; above = this.#lefts[above]) parent = above;
    if (parent === 0) this.#roots[group] = this.#rights[node];
    else this.#lefts[parent] = this.#rights[node];
    this.#firsts[group] = this.#nexts[node];
    return node - 1;
  }

  /** Parts the subtree `below` by time into the children of `node`. */
  #split(below: number, node: number, at: number): void {
    const { time } = this.#slots;
    let left = 0;
    let right = 0;
    this.#lefts[node] = 0;
    this.#rights[node] = 0;
    for (let part = below; part !== 0; ) {
      if (time[part - 1] <= at) {
        if (left === 0) this.#lefts[node] = part;
        else this.#rights[left] = part;
        left = part;
        part = this.#rights[part];
      } else {
        if (right === 0) this.#rights[node] = part;
        else this.#lefts[right] = part;
        right = part;
        part = this.#lefts[part];
      }
    }
    if (left !== 0) this.#rights[left] = 0;
    if (right !== 0) this.#lefts[right] = 0;
    this.#splitLeft = left;
    this.#splitRight = right;
  }

  #chain(group: number, node: number, before: number, after: number): void {
    this.#nexts[node] = after;
    if (before === 0) this.#firsts[group] = node;
    else this.#nexts[before] = node;
  }

  #reserveGroups(end: number): void {
    if (end <= this.#roots.length) return;
    this.#roots = grownInt32(this.#roots, end);
    this.#firsts = grownInt32(this.#firsts, end);
  }

  #reserve(group: number, node: number): void {
    this.#reserveGroups(group + 1);
    if (node < this.#lefts.length) return;
    this.#lefts = grownInt32(this.#lefts, node + 1);
    this.#rights = grownInt32(this.#rights, node + 1);
    this.#nexts = grownInt32(this.#nexts, node + 1);
  }
}

/** The mixing steps of MurmurHash3: neighbouring slots get priorities that look independent. */
function priorityOf(node: number): number {
  let bits = Math.imul(node ^ (node >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}
