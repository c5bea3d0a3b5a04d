import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { DataFolder } from "./data-folder.ts";
import { hasApt, installPackages, unpackPackages } from "./debian-packages.ts";
import { findProgram } from "./find-program.ts";
import { LauncherError } from "./launcher-error.ts";

/** The server's program is a link into the tools' package, which may be on the system while the server is not. */
const redisPackages = ["redis-server", "redis-tools"];

/** A Redis server that can be run. */
export interface RedisBinary {
  readonly command: string;
  /** Folders of libraries that the system lacks. */
  readonly libraryFolders: readonly string[];
}

/**
 * Finds a Redis server: one on the PATH (Redis or Valkey), else one that apt installs (as root), else one that apt
 * downloads and that is unpacked in the data folder. Rejects with what to do when there is none.
 */
export async function findRedis(folder: DataFolder): Promise<RedisBinary> {
  const installed = findProgram("redis-server") ?? findProgram("valkey-server");
  if (installed !== null) return { command: installed, libraryFolders: [] };
  if (!hasApt()) throw noRedis();
  try {
    if (process.getuid?.() === 0) {
      await installPackages(["redis-server"]);
      return { command: "/usr/bin/redis-server", libraryFolders: [] };
    }
    return await unpackedRedis(await unpackPackages(redisPackages, join(folder.path, "redis-packages")));
  } catch (error) {
    throw noRedis(error);
  }
}

async function unpackedRedis(root: string): Promise<RedisBinary> {
  const libraries = join(root, "usr", "lib");
  const entries = existsSync(libraries) ? await readdir(libraries) : [];
  const triplets = entries.filter((entry) => entry.includes("-linux-"));
  return { command: join(root, "usr", "bin", "redis-server"), libraryFolders: triplets.map((triplet) => join(libraries, triplet)) };
}

function noRedis(cause?: unknown): LauncherError {
  const command =
    process.platform === "darwin"
      ? "brew install redis"
      : process.platform === "win32"
        ? "winget install Memurai.MemuraiDeveloper (or run Redis in WSL)"
        : "sudo apt-get install redis-server (or your system's package for Redis or Valkey)";
  return new LauncherError(
    "No Redis server was found on the PATH, and none could be installed.",
    `Run: ${command}. Or set REDIS_URL to a Redis of your own (redis://host:port).`,
    cause,
  );
}
