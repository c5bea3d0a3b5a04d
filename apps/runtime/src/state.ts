/** Where keyed state goes that does not fit into memory, for those who run the engine themselves: the bench, random pipelines. */
export { createLevelStateBackend } from "./state/level-state-backend.ts";
