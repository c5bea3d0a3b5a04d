#!/usr/bin/env node
import { spawn } from "node:child_process";
import nodeModule, { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const firstWithTypes = 24;
const here = dirname(fileURLToPath(import.meta.url));

if (Number(process.versions.node.split(".")[0]) >= firstWithTypes) {
  // Else two fifths of the time of a short command go into what is compiled each time.
  nodeModule.enableCompileCache();
  const { main } = await import("../src/cli/main.ts");
  process.exitCode = await main(process.argv.slice(2));
} else {
  runUnderOwnNode();
}

/** The workspace brings a Node that runs TypeScript; the running one is too old for it. */
function runUnderOwnNode() {
  const child = spawn(ownNode(), [join(here, "millrace.mjs"), ...process.argv.slice(2)], { stdio: "inherit" });
  // The terminal sends an interrupt to both; the child decides when it is over.
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  child.on("exit", (code, signal) => {
    process.exitCode = code ?? (signal === "SIGINT" ? 130 : 143);
  });
}

function ownNode() {
  const require = createRequire(import.meta.url);
  const windows = process.platform === "win32";
  for (const name of [`node-${windows ? "win" : process.platform}-${process.arch}`, `node-bin-${process.platform}-${process.arch}`]) {
    try {
      return join(dirname(require.resolve(`${name}/package.json`)), "bin", windows ? "node.exe" : "node");
    } catch {
      // Each platform has one of the two names.
    }
  }
  console.error(
    `millrace needs Node ${firstWithTypes} or newer; this is ${process.versions.node}. npm install in the workspace brings one.`,
  );
  process.exit(2);
}
