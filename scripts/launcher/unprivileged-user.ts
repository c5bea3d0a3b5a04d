import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { LauncherError } from "./launcher-error.ts";

/** A user of this system, by number. */
export interface SystemUser {
  readonly uid: number;
  readonly gid: number;
}

/**
 * The user that PostgreSQL runs as, because it refuses root: `nobody` when this process is root, otherwise null,
 * which means this process's own user.
 */
export function databaseUser(): SystemUser | null {
  if (process.getuid?.() !== 0) return null;
  const line = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .find((entry) => entry.startsWith("nobody:"));
  const [, , uid, gid] = line?.split(":") ?? [];
  if (uid === undefined || gid === undefined) {
    throw new LauncherError(
      "PostgreSQL refuses to run as root, and this system has no user called nobody.",
      "Run the command as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own.",
    );
  }
  return { uid: Number(uid) >>> 0, gid: Number(gid) >>> 0 };
}

/** Whether the user can enter and write this folder; asked of the system, since rights depend on every folder above. */
export function canWriteFolder(user: SystemUser, path: string): boolean {
  return spawnSync("/bin/sh", ["-c", 'test -x "$0" && test -w "$0"', path], { ...user, cwd: "/" }).status === 0;
}

/** Whether the user can run this program. */
export function canRun(user: SystemUser, program: string): boolean {
  return spawnSync(program, ["--version"], { ...user, cwd: "/" }).status === 0;
}
