/** The public face of the nodes: the catalogue, the connectors that come with it, and the gallery. */
export { catalogue } from "./catalogue.ts";
export { durationWords } from "./words/duration-words.ts";
