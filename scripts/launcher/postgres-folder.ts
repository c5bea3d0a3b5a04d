import { randomBytes } from "node:crypto";
import { chown, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { DataFolder } from "./data-folder.ts";
import { outsideFolder } from "./outside-folder.ts";
import { canWriteFolder, type SystemUser } from "./unprivileged-user.ts";

/** Where the embedded PostgreSQL keeps its files. */
export interface PostgresFolder {
  /** Owned by the user that PostgreSQL runs as. */
  readonly path: string;
  /** Of the superuser `postgres`; kept in a file that only this process's user can read. */
  readonly password: string;
}

/**
 * Opens the folder, inside the data folder where PostgreSQL's user can reach that, outside of it otherwise. Who
 * deletes the data folder has a new, empty database: what was outside for it is deleted too.
 */
export async function openPostgresFolder(folder: DataFolder, user: SystemUser | null): Promise<PostgresFolder> {
  const own = join(folder.path, "postgres");
  await mkdir(own, { recursive: true, mode: 0o711 });
  const password = await readOrCreateSecret(join(own, "password"));
  const inside = join(own, "files");
  await mkdir(inside, { recursive: true, mode: 0o700 });
  if (user === null) return { path: inside, password };
  await chown(inside, user.uid, user.gid);
  if (canWriteFolder(user, inside)) return { path: inside, password };
  return { path: await openOutside(folder, await readOrCreateSecret(join(own, "outside-id")), user), password };
}

async function openOutside(folder: DataFolder, id: string, user: SystemUser): Promise<string> {
  const path = outsideFolder(`data-${id}`);
  await mkdir(path, { recursive: true, mode: 0o700 });
  await chown(path, user.uid, user.gid);
  await writeFile(`${path}.owner`, folder.path, { mode: 0o600 });
  for (const entry of await readdir(dirname(path))) {
    const other = join(dirname(path), entry);
    if (!entry.endsWith(".owner") || other === `${path}.owner` || (await readFile(other, "utf8")) !== folder.path) continue;
    await rm(other.slice(0, -".owner".length), { recursive: true, force: true });
    await rm(other);
  }
  return path;
}

async function readOrCreateSecret(path: string): Promise<string> {
  const secret = randomBytes(18).toString("hex");
  try {
    await writeFile(path, secret, { flag: "wx", mode: 0o600 });
    return secret;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return (await readFile(path, "utf8")).trim();
    throw error;
  }
}
