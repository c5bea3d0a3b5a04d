import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { findProgram } from "./find-program.ts";

const run = promisify(execFile);

/** Whether this system installs packages with apt. */
export function hasApt(): boolean {
  return process.platform === "linux" && findProgram("apt-get") !== null;
}

/** Installs packages as root. RUNLEVEL 1 keeps their services from being started: Millrace starts its own. */
export async function installPackages(names: readonly string[]): Promise<void> {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
  const install = () => run("apt-get", ["install", "-y", "-q", "--no-install-recommends", ...names], { env, maxBuffer: 64 << 20 });
  try {
    await install();
  } catch {
    // The lists of what there is are missing or old on a fresh system.
    await run("apt-get", ["update", "-q"], { env, maxBuffer: 64 << 20 });
    await install();
  }
}

/**
 * Downloads packages with all that they need and this system lacks, and unpacks them below `folder`, which needs no
 * rights. Returns the folder that plays the root of a system. Rejects when apt knows no such package.
 */
export async function unpackPackages(names: readonly string[], folder: string): Promise<string> {
  const root = join(folder, "root");
  if (existsSync(root)) return root;
  const incomplete = join(folder, "incomplete");
  await rm(incomplete, { recursive: true, force: true });
  await mkdir(incomplete, { recursive: true });
  const simulation = ["install", "--simulate", "--no-install-recommends", "-o", "Debug::NoLocking=1", ...names];
  const { stdout } = await run("apt-get", simulation, { maxBuffer: 16 << 20 });
  const needed = [...stdout.matchAll(/^Inst (\S+)/gm)].map((match) => match[1] ?? "");
  await run("apt-get", ["download", "-q", ...new Set([...names, ...needed])], { cwd: incomplete, maxBuffer: 16 << 20 });
  for (const file of await readdir(incomplete)) {
    if (file.endsWith(".deb")) await run("dpkg", ["-x", join(incomplete, file), join(incomplete, "root")]);
  }
  await rename(join(incomplete, "root"), root);
  await rm(incomplete, { recursive: true, force: true });
  return root;
}
