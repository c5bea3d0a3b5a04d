/** The public face of the nodes: the catalogue, the connectors that come with it, and the gallery. */
export { catalogue } from "./catalogue.ts";
export { generatorConnectors } from "./generators/generator-connector.ts";
export type { Template } from "./templates/template.ts";
export { templates } from "./templates/templates.ts";
export { durationWords } from "./words/duration-words.ts";
