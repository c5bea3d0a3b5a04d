import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { DataFolder } from "./data-folder.ts";
import { LauncherError } from "./launcher-error.ts";
import { processIdentity } from "./process-identity.ts";

/**
 * Makes this process the only launcher of the data folder; returns what gives the folder back. Rejects with a
 * `LauncherError` when another launcher, which runs, has it. What a killed one left is taken over.
 */
export async function lockInstance(folder: DataFolder): Promise<() => Promise<void>> {
  const path = join(folder.path, "launcher.lock");
  const content = JSON.stringify({ pid: process.pid, identity: await processIdentity(process.pid) });
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      await writeFile(path, content, { flag: "wx" });
      return () => rm(path, { force: true });
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    }
    const holder = await readHolder(path);
    if (holder !== null && (await processIdentity(holder.pid)) === holder.identity) {
      throw new LauncherError(
        `Millrace is running with the data folder ${folder.path} already (process ${holder.pid}).`,
        "Stop it with Ctrl-C first, or set MILLRACE_DATA to another folder to run a second one.",
      );
    }
    await rm(path, { force: true });
  }
  throw new LauncherError(
    `The data folder ${folder.path} is being taken by another start.`,
    "Wait for it, or set MILLRACE_DATA to another folder.",
  );
}

async function readHolder(path: string): Promise<{ readonly pid: number; readonly identity: string } | null> {
  try {
    const value: unknown = JSON.parse(await readFile(path, "utf8"));
    if (typeof value !== "object" || value === null) return null;
    const { pid, identity } = value as { readonly pid?: unknown; readonly identity?: unknown };
    return typeof pid === "number" && typeof identity === "string" ? { pid, identity } : null;
  } catch {
    return null;
  }
}
