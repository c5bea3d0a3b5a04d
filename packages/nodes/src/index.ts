/** The public face of the nodes: the catalogue, the connectors that come with it, and the gallery. */
export { catalogue } from "./catalogue.ts";
export { generatorConnectors } from "./generators/generator-connector.ts";
export type { KafkaPlace, Template } from "./templates/template.ts";
export { type KafkaChoice, templateOnKafka } from "./templates/template-on-kafka.ts";
export { templates } from "./templates/templates.ts";
export { durationWords } from "./words/duration-words.ts";
