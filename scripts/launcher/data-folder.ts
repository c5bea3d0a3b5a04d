import { chmod, mkdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";

/** Where a running Millrace keeps everything that is not in the repository. */
export interface DataFolder {
  readonly path: string;
  /** One JSON file per running process. */
  readonly run: string;
  /** One log file per process. */
  readonly logs: string;
}

/**
 * Makes the folder when it is not there. The folder itself can be entered by other users, because PostgreSQL may
 * have to run as one (what is inside is closed to them).
 */
export async function openDataFolder(path: string): Promise<DataFolder> {
  const folder = { path: resolve(path), run: resolve(path, "run"), logs: resolve(path, "logs") };
  await mkdir(folder.path, { recursive: true, mode: 0o711 });
  await chmod(folder.path, (await stat(folder.path)).mode | 0o011);
  for (const inner of [folder.run, folder.logs]) await mkdir(inner, { recursive: true, mode: 0o700 });
  return folder;
}

/** The log file of a process. */
export function logPath(folder: DataFolder, name: string): string {
  return join(folder.logs, `${name}.log`);
}
