import { existsSync } from "node:fs";
import { join } from "node:path";

/** Folder with real input and expected output, which may lie beside the project. */
export const sharedDataFolder = join(import.meta.dirname, "../../../shared/data");

/** Why checks over real input are left out; null when the folder is there. */
export const sharedDataMissing = existsSync(sharedDataFolder) ? null : "SKIPPED: ../shared/data is not beside the project";
