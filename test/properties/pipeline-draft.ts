import type { JsonObject, JsonValue } from "@millrace/engine";

/** Types of fields that random pipelines use. */
export type DraftType = "string" | "bigint" | "double" | "boolean" | "timestamp" | "json" | "interval" | "array";

export interface DraftField {
  readonly name: string;
  readonly type: DraftType;
}

/** What flows out of a port, as far as the next nodes need to know it. */
export interface DraftStream {
  /** `node.port` */
  readonly port: string;
  readonly fields: readonly DraftField[];
  readonly timed: boolean;
  readonly changelog: "append" | "update" | "retract";
  /** Its watermark trails that of the source. */
  readonly heldBack?: boolean;
  /** Whether the order in which its records arrive depends on the records alone, and not on how they are batched. */
  readonly ordered: boolean;
  /**
   * Behind a lookup: its records and its watermark come later than those of other streams, by as much as answers take, so
   * that what is late where it meets another stream depends on that.
   */
  readonly delayed?: boolean;
}

interface DraftNode {
  readonly type: string;
  readonly version: 1;
  readonly params: JsonObject;
}

/** A pipeline that is being made, node by node. */
export class PipelineDraft {
  readonly streams: DraftStream[] = [];
  /**
   * A source goes idle now and then. What meets then is flushed to the watermark that is furthest ahead, and an input that
   * trails it may never catch up: which of its records are late depends on how often watermarks come.
   */
  goesIdle = false;
  readonly #nodes: Record<string, DraftNode> = {};
  readonly #edges: { from: string; to: string }[] = [];
  readonly #read = new Set<string>();
  readonly #delayed = new Set<string>();
  readonly #heldBack = new Set<string>();
  #count = 0;

  /** Adds a node whose inputs read `inputs`; returns its slug. */
  node(type: string, params: JsonObject, inputs: Readonly<Record<string, readonly DraftStream[]>>): string {
    const slug = `n${this.#count++}_${type.replaceAll("-", "_")}`;
    this.#nodes[slug] = { type, version: 1, params };
    for (const [port, streams] of Object.entries(inputs)) {
      for (const stream of streams) {
        if (stream.delayed === true) this.#delayed.add(slug);
        if (stream.heldBack === true) this.#heldBack.add(slug);
        this.#edges.push({ from: stream.port, to: `${slug}.${port}` });
        this.#read.add(stream.port);
      }
    }
    return slug;
  }

  /** Makes a port of a node one that others may read. */
  offer(stream: DraftStream): DraftStream {
    const [slug] = stream.port.split(".");
    const later = this.#delayed.has(slug) ? { ...stream, delayed: true } : stream;
    const offered = this.#heldBack.has(slug) ? { ...later, heldBack: true } : later;
    this.streams.push(offered);
    return offered;
  }

  /** Whether two streams may meet. */
  mayMeet(a: DraftStream, b: DraftStream): boolean {
    return !this.goesIdle || (a.heldBack !== true && b.heldBack !== true);
  }

  isRead(stream: DraftStream): boolean {
    return this.#read.has(stream.port);
  }

  document(): JsonValue {
    const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
    const edges = [...this.#edges].sort((a, b) => compare(a.from, b.from) || compare(a.to, b.to));
    return {
      formatVersion: 1,
      pipeline: { id: "random", name: "Random", nodes: this.#nodes as unknown as JsonObject, edges },
    };
  }
}
