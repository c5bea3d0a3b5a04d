import type { JsonObject } from "@millrace/engine";

/** A pipeline of the gallery. */
export interface Template {
  /** Stable kebab-case name. */
  readonly id: string;
  readonly title: string;
  /** One sentence: what it does. */
  readonly summary: string;
  /** Markdown: what happens in it, and what to try. */
  readonly description: string;
  /** What one learns from it, as short tags. */
  readonly teaches: readonly string[];
  readonly difficulty: "starter" | "intermediate" | "advanced";
  /** True when it runs as it is; false when something of one's own, such as a file, has to be filled in first. */
  readonly runsAsIs: boolean;
  /** Which of its sources and sinks can be topics of Kafka instead; see `templateOnKafka`. */
  readonly kafka?: readonly KafkaPlace[];
  /** The pipeline document as canonical text; give it an id of its own before saving it. */
  readonly document: string;
}

/** A node of a template that can be a topic of Kafka, with the same ports. */
export interface KafkaPlace {
  /** Slug. */
  readonly node: string;
  /** What the topic holds. */
  readonly label: string;
  readonly direction: "read" | "write";
  /** A name for the topic, to begin with. */
  readonly topic: string;
  /** Parameters of the Kafka node, apart from its connection and its topic. */
  readonly params: JsonObject;
}

/** The canonical text of a document whose members stand in canonical order. */
export function documentText(document: JsonObject): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}
