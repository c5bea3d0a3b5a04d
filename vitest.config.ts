import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import LongestFirst from "./scripts/test/longest-first.ts";

const notTests = ["**/node_modules/**", "**/.next/**", "**/generated/**", "test/e2e/**"];

/** Parts whose tests start processes and servers, or whose subject is the process that they run in. */
const withProcesses = ["apps/runtime/**", "prisma/**", "scripts/**"];
/**
 * Two of them fill two cores: threads that collect garbage beside them would only take turns with them. And it is collected when all
 * memory has grown by a share of itself, not with every 40 MB of new buffers, of which records and state are made: a sixth of the time.
 */
const collector = ["--single-threaded-gc", "--external-memory-accounted-in-global-limit"];
// A property test on two busy cores.
const unitTimeoutMs = 30_000;

/**
 * `unit`: beside the files they test; `processes`: those of them that start processes, each file in a process of its own.
 * `cases`: what spans packages but needs no service. `integration`: against a real PostgreSQL and Redis, which the set-up
 * starts once. Where nothing outlives a test, files share a process and its modules: loading the engine for each of them took
 * a quarter of the time.
 */
export default defineConfig({
  test: {
    // By itself it would leave one of two cores idle.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: "unit",
          include: ["packages/**/*.test.{ts,tsx}", "apps/**/*.test.{ts,tsx}"],
          exclude: [...notTests, ...withProcesses],
          isolate: false,
          execArgv: collector,
          testTimeout: unitTimeoutMs,
        },
      },
      {
        test: {
          name: "processes",
          include: withProcesses.map((part) => `${part}/*.test.ts`),
          exclude: notTests,
          testTimeout: unitTimeoutMs,
        },
      },
      {
        test: {
          name: "cases",
          include: ["test/**/*.test.ts"],
          exclude: [...notTests, "test/integration/**"],
          isolate: false,
          execArgv: collector,
          // Modules as Node loads them: through Vite's each import costs a look-up, a fifth of the time of a long test.
          experimental: { viteModuleRunner: false },
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: "integration",
          include: ["test/integration/**/*.test.ts"],
          exclude: notTests,
          globalSetup: ["test/services/global-setup.ts"],
          // Beside the browser suite, on two busy cores.
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
