import { maxBatchRows } from "../column/batch.ts";
import { grownInt32 } from "../state/grown-array.ts";

/** What a node has: its children, and the one behind it in order. */
const left = 0;
const right = 1;
const next = 2;
const width = 3;

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
  /** `width` numbers a node, which are read together. */
  #links: Int32Array = new Int32Array(16 * width);
  /** Of no meaning: what is read has to go somewhere, or it is not read. */
  readonly #met = new Float64Array(maxBatchRows);
  readonly #tops = new Int32Array(maxBatchRows);
  /** The last node before and the first behind the node that was split for; 0 when the subtree has none. */
  #splitLeft = 0;
  #splitRight = 0;

  constructor(slots: TimedSlots) {
    this.#slots = slots;
  }

  /** Approximate bytes held. */
  get bytes(): number {
    return this.#roots.byteLength * 2 + this.#links.byteLength;
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
        below = this.#links[below * width + right];
      } else {
        after = below;
        below = this.#links[below * width + left];
      }
    }
    if (parent === 0) this.#roots[group] = node;
    else if (parent === before) this.#links[parent * width + right] = node;
    else this.#links[parent * width + left] = node;
    this.#split(below, node, at);
    this.#chain(group, node, this.#splitLeft === 0 ? before : this.#splitLeft, this.#splitRight === 0 ? after : this.#splitRight);
  }

  /** The first slot of a group; -1 when it is empty. */
  first(group: number): number {
    return group < this.#firsts.length ? this.#firsts[group] - 1 : -1;
  }

  /** The slot after `slot` in its group; -1 behind the last. */
  next(slot: number): number {
    return this.#links[(slot + 1) * width + next] - 1;
  }

  /** The first slot of a group whose time is at least `timeMs`; -1 when there is none. */
  atOrAfter(group: number, timeMs: number): number {
    const { time } = this.#slots;
    let found = 0;
    let node = group < this.#roots.length ? this.#roots[group] : 0;
    while (node !== 0) {
      if (time[node - 1] >= timeMs) {
        found = node;
        node = this.#links[node * width + left];
      } else node = this.#links[node * width + right];
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
        node = this.#links[node * width + right];
      } else node = this.#links[node * width + left];
    }
    return found - 1;
  }

  /**
   * Reads the top of `groups[0…count)`, at most `maxBatchRows`, which brings them into the cache: reads that do not wait for
   * each other cost a fraction of those of one search after the other. All groups are below `end`.
   */
  meet(groups: Int32Array, count: number, end: number): void {
    this.#reserveGroups(end);
    const { time } = this.#slots;
    const [roots, links, tops, met] = [this.#roots, this.#links, this.#tops, this.#met];
    for (let i = 0; i < count; i++) tops[i] = roots[groups[i]];
    // A group that is empty has the node 0, of which there is no time.
    for (let i = 0; i < count; i++) met[i] = time[(tops[i] - 1) & ~((tops[i] - 1) >> 31)] + links[tops[i] * width + left];
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
      this.#links[node * width + left] = below;
      this.#links[node * width + right] = 0;
      if (height > 0) this.#links[spine[height - 1] * width + right] = node;
      spine[height++] = node;
      this.#links[node * width + next] = i + 1 < count ? slots[i + 1] + 1 : 0;
    }
    if (group >= this.#roots.length) return;
    this.#roots[group] = count === 0 ? 0 : spine[0];
    this.#firsts[group] = count === 0 ? 0 : slots[0] + 1;
  }

  /** Removes the first slot of a group that is not empty; returns it. */
  removeFirst(group: number): number {
    const node = this.#firsts[group];
    let parent = 0;
    for (let above = this.#roots[group]; above !== node; above = this.#links[above * width + left]) parent = above;
    if (parent === 0) this.#roots[group] = this.#links[node * width + right];
    else this.#links[parent * width + left] = this.#links[node * width + right];
    this.#firsts[group] = this.#links[node * width + next];
    return node - 1;
  }

  /** Parts the subtree `below` by time into the children of `node`. */
  #split(below: number, node: number, at: number): void {
    const { time } = this.#slots;
    let before = 0;
    let behind = 0;
    this.#links[node * width + left] = 0;
    this.#links[node * width + right] = 0;
    for (let part = below; part !== 0; ) {
      if (time[part - 1] <= at) {
        if (before === 0) this.#links[node * width + left] = part;
        else this.#links[before * width + right] = part;
        before = part;
        part = this.#links[part * width + right];
      } else {
        if (behind === 0) this.#links[node * width + right] = part;
        else this.#links[behind * width + left] = part;
        behind = part;
        part = this.#links[part * width + left];
      }
    }
    if (before !== 0) this.#links[before * width + right] = 0;
    if (behind !== 0) this.#links[behind * width + left] = 0;
    this.#splitLeft = before;
    this.#splitRight = behind;
  }

  #chain(group: number, node: number, before: number, after: number): void {
    this.#links[node * width + next] = after;
    if (before === 0) this.#firsts[group] = node;
    else this.#links[before * width + next] = node;
  }

  #reserveGroups(end: number): void {
    if (end <= this.#roots.length) return;
    this.#roots = grownInt32(this.#roots, end);
    this.#firsts = grownInt32(this.#firsts, end);
  }

  #reserve(group: number, node: number): void {
    this.#reserveGroups(group + 1);
    this.#links = grownInt32(this.#links, (node + 1) * width);
  }
}

/** The mixing steps of MurmurHash3: neighbouring slots get priorities that look independent. */
function priorityOf(node: number): number {
  let bits = Math.imul(node ^ (node >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}
