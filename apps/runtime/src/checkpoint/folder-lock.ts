import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ConnectorError } from "@millrace/engine";

const tryEveryMs = 20;
const giveUpMs = 10_000;

/** Runs `action` while no other process of this machine does so for the same folder. The lock of a dead process is taken away. */
export async function withFolderLock<T>(folder: string, action: () => Promise<T>): Promise<T> {
  const path = join(folder, "lock");
  const deadline = performance.now() + giveUpMs;
  while (!(await tryLock(path))) {
    if (performance.now() > deadline) {
      throw new ConnectorError(
        "CHECKPOINTS_LOCKED",
        `${path} has been held by another process for ${giveUpMs} ms. Remove it when none is running.`,
        {
          retryable: true,
        },
      );
    }
    await new Promise((resolve) => setTimeout(resolve, tryEveryMs));
  }
  try {
    return await action();
  } finally {
    await rm(path, { force: true });
  }
}

async function tryLock(path: string): Promise<boolean> {
  try {
    await writeFile(path, String(process.pid), { flag: "wx" });
    return true;
  } catch (cause) {
    if (!(cause instanceof Error && "code" in cause && cause.code === "EEXIST")) throw cause;
  }
  const holder = Number(await readFile(path, "utf8").catch(() => ""));
  if (Number.isInteger(holder) && holder > 0 && holder !== process.pid && !isAlive(holder)) await rm(path, { force: true });
  return false;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return cause instanceof Error && "code" in cause && cause.code === "EPERM";
  }
}
