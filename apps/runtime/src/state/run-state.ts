import { mkdir, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PipelineSettings, StateOptions } from "@millrace/engine";
import { createLevelStateBackend } from "./level-state-backend.ts";

/** Keys in memory for each operator that can spill, unless MILLRACE_STATE_KEYS says otherwise: some 100 MB. */
const defaultHotKeys = 1_000_000;

/**
 * Where the state of a run goes that does not fit into memory; undefined when all of it stays there. On disk it is a folder
 * of this process, below MILLRACE_STATE or the system's folder for temporary files; what processes have left there that
 * are gone is removed. `hotKeys` null: as the environment says.
 */
export async function openRunState(
  mode: PipelineSettings["state"],
  pipelineId: string,
  hotKeys: number | null = null,
): Promise<StateOptions | undefined> {
  if (mode === "memory") return undefined;
  const base = process.env.MILLRACE_STATE ?? join(tmpdir(), "millrace-state");
  const folder = join(base, pipelineId);
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(folder)) {
    const pid = Number(name);
    if (Number.isInteger(pid) && !(pid !== process.pid && isRunning(pid))) await rm(join(folder, name), { recursive: true, force: true });
  }
  return {
    backend: createLevelStateBackend(join(folder, String(process.pid))),
    hotKeys: hotKeys ?? hotKeysOf(process.env.MILLRACE_STATE_KEYS),
  };
}

function hotKeysOf(text: string | undefined): number {
  const keys = Number(text ?? defaultHotKeys);
  if (Number.isInteger(keys) && keys > 0) return keys;
  throw new Error(`MILLRACE_STATE_KEYS is "${text}"; it has to be a whole number above 0, such as ${defaultHotKeys}.`);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    // EPERM: it runs, and belongs to somebody else.
    return cause instanceof Error && "code" in cause && cause.code === "EPERM";
  }
}
