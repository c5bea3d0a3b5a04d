/** The public face of the nodes: the catalogue and the connectors that come with it. */
export { catalogue } from "./catalogue.ts";
export { generatorConnectors } from "./generators/generator-connector.ts";
export { durationWords } from "./words/duration-words.ts";
