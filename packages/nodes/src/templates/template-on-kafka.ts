import { type GraphNode, type PipelineDocument, parsePipeline, writePipeline } from "@millrace/engine";
import { catalogue } from "../catalogue.ts";
import { kafkaSink } from "../sink/kafka-sink.node.ts";
import { kafkaSource } from "../source/kafka-source.node.ts";
import type { KafkaPlace, Template } from "./template.ts";

/** Where the data of a template lies. */
export interface KafkaChoice {
  /** Name of a connection. */
  readonly connection: string;
  /** By slug of the node; one that is left out has the template's own name for its topic. */
  readonly topics: Readonly<Record<string, string>>;
}

/**
 * The document of a template, as canonical text, with topics of Kafka in the place of generators and tables; all other
 * nodes, the edges and the layout are the same. Throws when the template has no such places.
 */
export function templateOnKafka(template: Template, choice: KafkaChoice): string {
  const { kafka = [] } = template;
  const parsed = parsePipeline(template.document, catalogue);
  if (!parsed.ok || kafka.length === 0) throw new Error(`the template ${template.id} cannot be on Kafka`);
  const { pipeline } = parsed.value;
  const changed = Object.fromEntries(kafka.map((place) => [place.node, onKafka(pipeline.nodes[place.node].label, place, choice)]));
  const document: PipelineDocument = { ...parsed.value, pipeline: { ...pipeline, nodes: { ...pipeline.nodes, ...changed } } };
  return writePipeline(document, catalogue);
}

function onKafka(label: string, place: KafkaPlace, { connection, topics }: KafkaChoice): GraphNode {
  const topic = topics[place.node] ?? place.topic;
  const { type, version } = place.direction === "read" ? kafkaSource : kafkaSink;
  const named = place.direction === "read" ? { topics: topic } : { topic };
  return { type, version, label, params: { connection, ...named, ...place.params }, disabled: false };
}
