import { errorSpike } from "./error-spike.template.ts";
import { logFile } from "./log-file.template.ts";
import type { Template } from "./template.ts";

/** The pipelines of the gallery, the ones to begin with first. */
export const templates: readonly Template[] = [errorSpike, logFile];
