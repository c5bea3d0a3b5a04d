import { clickSessions } from "./click-sessions.template.ts";
import { errorSpike } from "./error-spike.template.ts";
import { fraudScore } from "./fraud-score.template.ts";
import { logFile } from "./log-file.template.ts";
import type { Template } from "./template.ts";

/** The pipelines of the gallery, the ones to begin with first. */
export const templates: readonly Template[] = [errorSpike, clickSessions, fraudScore, logFile];
