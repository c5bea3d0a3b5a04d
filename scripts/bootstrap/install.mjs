import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ownNodePath } from "./own-node.mjs";
import { repositoryRoot } from "./repository.mjs";

/**
 * Makes node_modules what package-lock.json says, with `npm ci`, unless it is so already. Install scripts are not
 * run: none is needed, and some would download from hosts that a closed network does not reach.
 *
 * @returns {Promise<"installed" | "up to date">} what was done; rejects with npm's last words when it failed
 */
export async function installDependencies() {
  if (isUpToDate()) return "up to date";
  await runNpm(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
  return "installed";
}

/** Whether npm's own record of what it installed agrees with package-lock.json. npm writes it last. */
function isUpToDate() {
  const record = join(repositoryRoot, "node_modules", ".package-lock.json");
  const own = ownNodePath();
  if (!existsSync(record) || (own !== null && !existsSync(own))) return false;
  return isInstalled(readPackages(join(repositoryRoot, "package-lock.json")), readPackages(record));
}

/**
 * Whether what npm recorded as installed is what the lock file wants. Packages that npm may leave out (for other
 * systems, or optional ones) need not be there; one that is there must have the wanted version.
 *
 * @param {Packages} wanted
 * @param {Packages} installed
 */
export function isInstalled(wanted, installed) {
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.includes("node_modules/")) return true;
    const found = installed[path];
    if (found === undefined) return entry.optional === true || entry.devOptional === true || entry.peer === true;
    return found.version === entry.version && found.link === entry.link;
  });
}

/** @typedef {Readonly<Record<string, { version?: string, link?: boolean, optional?: boolean, devOptional?: boolean, peer?: boolean }>>} Packages */

/**
 * @param {string} path
 * @returns {Packages}
 */
function readPackages(path) {
  return JSON.parse(readFileSync(path, "utf8")).packages;
}

/** @param {readonly string[]} args */
async function runNpm(args) {
  const cli = process.env.npm_execpath;
  const [command, first] = cli?.endsWith(".js") ? [process.execPath, [cli]] : ["npm", []];
  const child = spawn(command, [...first, ...args], {
    cwd: repositoryRoot,
    stdio: ["ignore", "pipe", "pipe"],
    shell: command === "npm" && process.platform === "win32",
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (/** @type {string} */ text) => {
      output = (output + text).slice(-8000);
    });
  }
  const code = await new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
  if (code !== 0) throw new Error(`npm ci failed with exit code ${code}:\n${output.trim()}`);
}
