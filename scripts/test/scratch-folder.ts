import { chmod, glob, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { openDataFolder } from "../launcher/data-folder.ts";
import { findRunning } from "../launcher/pid-file.ts";
import { stopProcess } from "../launcher/stop-process.ts";

/** A temporary folder for a whole test run. */
export interface ScratchFolder {
  readonly path: string;
  /** What makes tools put their own temporary files below it, and what Node compiles, which it then does once for all processes. */
  readonly environment: Readonly<Record<string, string>>;
  /** Ends services that a test started below it and did not stop (it was interrupted), then removes it. */
  remove(): Promise<void>;
}

/** Makes the folder; other users may pass through it, because PostgreSQL may run as one. */
export async function createScratchFolder(): Promise<ScratchFolder> {
  const path = await mkdtemp(join(tmpdir(), "millrace-test-"));
  await chmod(path, 0o711);
  return {
    path,
    environment: { TMPDIR: path, TEMP: path, TMP: path, NODE_COMPILE_CACHE: join(path, "compiled") },
    async remove() {
      for (const folder of await findDataFolders(path)) {
        const running = await findRunning(await openDataFolder(folder));
        await Promise.all(running.map((record) => stopProcess(record, 2000)));
      }
      await rm(path, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

async function findDataFolders(path: string): Promise<readonly string[]> {
  const folders = new Set<string>();
  for await (const file of glob("{*,*/*}/run/*.json", { cwd: path })) folders.add(dirname(dirname(join(path, file))));
  return [...folders];
}
