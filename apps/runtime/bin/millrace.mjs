#!/usr/bin/env node
import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chooseNode } from "@millrace/scripts/own-node";

const firstWithTypes = 24;
const here = dirname(fileURLToPath(import.meta.url));

const ownNode = chooseNode();

if (Number(process.versions.node.split(".")[0]) >= firstWithTypes || ownNode === process.execPath) {
  const { main } = await import("../src/cli/main.ts");
  process.exitCode = await main(process.argv.slice(2));
} else {
  runUnderOwnNode();
}

/** The workspace brings a Node that runs TypeScript; this one is too old for it. */
function runUnderOwnNode() {
  const warnings = "--disable-warning=ExperimentalWarning";
  const child = spawn(ownNode, [warnings, join(here, "millrace.mjs"), ...process.argv.slice(2)], { stdio: "inherit" });
  // The terminal sends an interrupt to both; the child decides when it is over.
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  child.on("exit", (code, signal) => {
    process.exitCode = code ?? (signal === "SIGINT" ? 130 : 143);
  });
}
