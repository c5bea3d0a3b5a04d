import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { chown, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { LauncherError } from "./launcher-error.ts";
import { postgresProgram } from "./postgres-binaries.ts";
import type { PostgresFolder } from "./postgres-folder.ts";
import { processIdentity } from "./process-identity.ts";
import { stopProcess } from "./stop-process.ts";
import type { SystemUser } from "./unprivileged-user.ts";

const run = promisify(execFile);
const majorVersion = "18";

/** Path of the database files, which are made by `initdb` when they are not there. */
export async function openCluster(binaries: string, folder: PostgresFolder, user: SystemUser | null): Promise<string> {
  const cluster = join(folder.path, "data");
  if (!existsSync(cluster)) await initialise(binaries, folder, cluster, user);
  const version = (await readFile(join(cluster, "PG_VERSION"), "utf8")).trim();
  if (version !== majorVersion) {
    throw new LauncherError(
      `The database files in ${cluster} are PostgreSQL ${version}'s; this Millrace brings PostgreSQL ${majorVersion}.`,
      "Move them away to start with an empty database, or set DATABASE_URL to a server that reads them.",
    );
  }
  await endOrphan(cluster);
  return cluster;
}

/** Killed half-way, `initdb` leaves files that cannot be used: hence another name until it is done. */
async function initialise(binaries: string, folder: PostgresFolder, cluster: string, user: SystemUser | null): Promise<void> {
  const incomplete = `${cluster}.new`;
  const passwordFile = join(folder.path, "password.new");
  await rm(incomplete, { recursive: true, force: true });
  await writeFile(passwordFile, folder.password, { mode: 0o600 });
  if (user !== null) await chown(passwordFile, user.uid, user.gid);
  const args = ["-D", incomplete, "-U", "postgres", "--no-locale", "-E", "UTF8", "-A", "scram-sha-256", `--pwfile=${passwordFile}`];
  try {
    await run(postgresProgram(binaries, "initdb"), args, { cwd: folder.path, env: { ...process.env, LC_ALL: "C" }, ...user });
  } catch (error) {
    const words = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : String(error);
    throw new LauncherError(
      `The database files could not be made in ${cluster}: ${words}`,
      "Check that there is room on the disk and that the folder can be written, or set DATABASE_URL to a PostgreSQL of your own.",
    );
  } finally {
    await rm(passwordFile, { force: true });
  }
  await rename(incomplete, cluster);
}

/**
 * Ends a server that still runs on these files because its launcher was killed. The process id in `postmaster.pid`
 * may belong to another program by now: then only the file goes, over which PostgreSQL would refuse to start.
 */
async function endOrphan(cluster: string): Promise<void> {
  const path = join(cluster, "postmaster.pid");
  if (!existsSync(path)) return;
  const pid = Number((await readFile(path, "utf8")).split("\n")[0]);
  const identity = Number.isInteger(pid) && pid > 0 ? await processIdentity(pid) : null;
  if (identity !== null && (await commandOf(pid)).includes(cluster)) {
    await stopProcess({ name: "postgres", pid, identity, stopSignal: "SIGINT" }, 3000);
  }
  await rm(path, { force: true });
}

async function commandOf(pid: number): Promise<string> {
  try {
    if (process.platform === "linux") return (await readFile(`/proc/${pid}/cmdline`, "utf8")).replaceAll("\0", " ");
    if (process.platform === "win32")
      return (await run("powershell", ["-NoProfile", "-Command", `(Get-CimInstance Win32_Process -Filter 'ProcessId=${pid}').CommandLine`]))
        .stdout;
    return (await run("ps", ["-o", "command=", "-p", String(pid)])).stdout;
  } catch {
    return "";
  }
}
