import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findBrowser } from "@millrace/scripts/find-browser";
import { chooseFreePort } from "@millrace/scripts/ports";
import { defineConfig } from "@playwright/test";

// Playwright reads this file in every worker: what is chosen here is handed on through the environment.
process.env.MILLRACE_E2E_DATA ??= mkdtempSync(join(tmpdir(), "millrace-e2e-"));
process.env.MILLRACE_E2E_PORT ??= String(await chooseFreePort());
const address = `http://127.0.0.1:${process.env.MILLRACE_E2E_PORT}`;
const executablePath = findBrowser();

export default defineConfig({
  testDir: "e2e",
  outputDir: "test-results",
  timeout: 60_000,
  expect: { timeout: 10_000 },
  workers: 1,
  forbidOnly: true,
  use: {
    baseURL: address,
    viewport: { width: 1440, height: 900 },
    trace: "retain-on-failure",
    launchOptions: {
      ...(executablePath === null ? {} : { executablePath }),
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  webServer: {
    command: "node scripts/start.mjs",
    cwd: join(import.meta.dirname, ".."),
    url: `${address}/api/health`,
    env: { MILLRACE_DATA: process.env.MILLRACE_E2E_DATA, MILLRACE_PORT: process.env.MILLRACE_E2E_PORT, DATABASE_URL: "", REDIS_URL: "" },
    timeout: 240_000,
    stdout: "pipe",
    gracefulShutdown: { signal: "SIGTERM", timeout: 8000 },
  },
});
