import type { z } from "zod";
import type { Result } from "../diagnostics/result.ts";
import type { LoweredOperator, OperatorOutput } from "../plan/logical-operator.ts";
import type { JsonObject, JsonValue } from "../types/json-value.ts";
import type { StreamType } from "../types/stream-type.ts";

export type NodeCategory = "source" | "transform" | "window" | "join" | "pattern" | "sink";

/** An input or output port of a node. */
export interface PortSpec {
  readonly name: string;
  /** Shown when there is more than one port; default: the name. */
  readonly label?: string;
  /** Inputs only: takes any number of edges. */
  readonly multiple?: boolean;
  /** Outputs only: `side` ports (late, timeout, dead letter) sit at the bottom edge, and may stay unconnected. */
  readonly side?: boolean;
}

/** What `lower` is given. Single inputs stand in `inputs`, multiple ones in `inputLists`. */
export interface LowerContext<P> {
  readonly params: P;
  readonly inputs: Readonly<Record<string, OperatorOutput>>;
  readonly inputLists: Readonly<Record<string, readonly OperatorOutput[]>>;
  readonly inputTypes: Readonly<Record<string, StreamType>>;
}

/** Feeds and expected rows of an example; it is shown in the docs and run as a test. */
export interface NodeExample {
  readonly title: string;
  readonly params: JsonObject;
  /** Records per input port. A member `_time` (ms) is the record's event time. */
  readonly feed: Readonly<Record<string, readonly JsonObject[]>>;
  /** What a lookup finds: rows with the names that it is asked by and its fields. */
  readonly lookup?: readonly JsonObject[];
  /** Rows per output port, in any order; ports that are not named are not checked. */
  readonly expect: Readonly<Record<string, readonly JsonObject[]>>;
}

/** What a sink can promise. */
export interface SinkDelivery {
  /** Takes a checkpoint's records and its number in one transaction. Otherwise a failure may bring records twice. */
  readonly exactlyOnce: boolean;
  /** Writes at once, without waiting for a checkpoint, in a pipeline that runs at least once. */
  readonly immediate: boolean;
}

/** Names of channels, unique over all services: `kafka cluster payments`. In what is read, `*` stands for any characters. */
export interface NodeChannels {
  readonly reads?: readonly string[];
  readonly writes?: readonly string[];
}

/** Types at the inputs of a node; null or absent = not known. */
export type KnownInputs = Readonly<Record<string, StreamType | null>>;

/** Another notation of a node's parameters, which people bring along or take away: a clause of SQL. Pure. */
export interface NodeNotation {
  /** What it is called: `MATCH_RECOGNIZE`. */
  readonly name: string;
  /** The parameters that a text sets, as pipeline JSON holds them; diagnostics carry the span in the text. */
  readonly read: (text: string, inputTypes: KnownInputs) => Result<JsonObject>;
  /** The text for parameters as pipeline JSON holds them; diagnostics say what the notation cannot. */
  readonly write: (params: JsonObject, inputTypes: KnownInputs) => Result<string>;
}

/** Everything about a kind of node; the editor, the worker, the CLI, the docs and the exporter read this one value. */
export interface NodeDefinition<P = unknown> {
  /** Stable kebab-case name in pipeline JSON. */
  readonly type: string;
  readonly version: number;
  readonly category: NodeCategory;
  readonly label: string;
  /** One sentence, for the palette. */
  readonly summary: string;
  /** Sinks only: what they can promise. */
  readonly delivery?: SinkDelivery;
  /** Markdown for the inspector's Docs tab: what it does, when to use it, what to watch out for. */
  readonly docs: string;
  /** Name of a lucide icon. */
  readonly icon: string;
  /** Topics and the like, outside, that the node reads or writes; where a pipeline writes what it reads, it would feed itself. */
  readonly channels?: (params: P) => NodeChannels;
  readonly inputs: readonly PortSpec[];
  /** Fixed, or depending on the parameters (a branch has a port per condition). Must not throw on any valid params. */
  readonly outputs: readonly PortSpec[] | ((params: P) => readonly PortSpec[]);
  /** Parameters; every member is made by a function of `param-kinds.ts`. Input is what pipeline JSON holds. */
  readonly params: z.ZodType<P>;
  /** The one line on the card that says the main setting: `5 min tumbling by service`. Empty = unfinished. */
  readonly headline: (params: P) => string;
  /**
   * Operators for this node, by output port; a sink returns them under `sink`. A bare operator stands for
   * its own port of that name, or for its `out`. Expressions are text; `title` of an alert is a template. Pure.
   */
  readonly lower: (context: LowerContext<P>) => Readonly<Record<string, LoweredOperator | OperatorOutput>>;
  readonly examples: readonly NodeExample[];
  readonly notation?: NodeNotation;
  /** Brings params of an older version forward. Pure; with before/after fixtures in the tests. */
  readonly migrateParams?: (params: JsonValue, fromVersion: number) => JsonValue;
}

/** Declares a node; only fixes the type of `params` for `lower`, `headline` and `outputs`. */
export function defineNode<P>(definition: NodeDefinition<P>): NodeDefinition {
  // The catalogue forgets P: params always come out of this very definition's schema.
  return definition as unknown as NodeDefinition;
}
