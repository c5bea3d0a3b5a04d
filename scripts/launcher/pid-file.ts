import { readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { DataFolder } from "./data-folder.ts";
import { processIdentity } from "./process-identity.ts";

/** A process that was started for a data folder, as its pid file describes it. */
export interface RecordedProcess {
  readonly name: string;
  readonly pid: number;
  /** See `processIdentity`. */
  readonly identity: string;
  /** What asks it to end. */
  readonly stopSignal: NodeJS.Signals;
}

/** Remembers a process, so that a later start can find it when this one is killed. */
export async function writePidFile(folder: DataFolder, record: RecordedProcess): Promise<void> {
  const path = join(folder.run, `${record.name}.json`);
  await writeFile(`${path}.new`, `${JSON.stringify(record)}\n`);
  await rename(`${path}.new`, path);
}

/** Forgets a process. */
export async function removePidFile(folder: DataFolder, name: string): Promise<void> {
  await rm(join(folder.run, `${name}.json`), { force: true });
}

/** The processes of this data folder that still run. Files about others (ended; the id given to another since) are removed. */
export async function findRunning(folder: DataFolder): Promise<readonly RecordedProcess[]> {
  const running: RecordedProcess[] = [];
  for (const file of await readdir(folder.run)) {
    if (!file.endsWith(".json")) continue;
    const record = parseRecord(await readFile(join(folder.run, file), "utf8"));
    if (record !== null && (await isRunning(record))) running.push(record);
    else await rm(join(folder.run, file), { force: true });
  }
  return running;
}

/** Whether this very process runs. */
export async function isRunning(record: RecordedProcess): Promise<boolean> {
  return (await processIdentity(record.pid)) === record.identity;
}

function parseRecord(text: string): RecordedProcess | null {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null) return null;
    const { name, pid, identity, stopSignal } = value as Partial<Record<keyof RecordedProcess, unknown>>;
    if (typeof name !== "string" || typeof pid !== "number" || typeof identity !== "string") return null;
    if (stopSignal !== "SIGTERM" && stopSignal !== "SIGINT") return null;
    return { name, pid, identity, stopSignal };
  } catch {
    return null;
  }
}
