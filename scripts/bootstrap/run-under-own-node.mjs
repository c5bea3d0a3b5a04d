import { spawn } from "node:child_process";
import { join } from "node:path";
import { chooseNode } from "./own-node.mjs";
import { repositoryRoot } from "./repository.mjs";

/**
 * Runs a TypeScript file of this repository under the Node from npm and resolves to its exit code. Signals are
 * handed on; when this process dies without one, the other sees its channel close and ends itself.
 *
 * @param {string} script path from the repository's root
 * @param {readonly string[]} args
 * @param {Record<string, string>} [env] what the environment gets besides
 * @returns {Promise<number>}
 */
export async function runUnderOwnNode(script, args, env = {}) {
  const node = chooseNode();
  const child = spawn(node, [join(repositoryRoot, script), ...args], {
    cwd: repositoryRoot,
    stdio: ["inherit", "inherit", "inherit", "ipc"],
    env: { ...process.env, ...env },
  });
  watchNpm(() => child.kill("SIGTERM"));
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => resolve(code ?? (signal === "SIGINT" ? 130 : 143)));
  });
}

/**
 * Calls `onGone` when this process was started by npm and that is no longer there: npm hands signals to its shell,
 * and the shell ends without handing them on.
 *
 * @param {() => void} onGone
 */
function watchNpm(onGone) {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    onGone();
  }, 250);
  timer.unref();
}
