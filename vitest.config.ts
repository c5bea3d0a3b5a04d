import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import LongestFirst from "./scripts/test/longest-first.ts";

const notTests = ["**/node_modules/**", "**/.next/**", "**/generated/**", "test/e2e/**"];

/**
 * `unit`: beside the files they test. `cases`: what spans packages but needs no service. `integration`: against a
 * real PostgreSQL and Redis, which the set-up starts once.
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
          include: ["packages/**/*.test.{ts,tsx}", "apps/**/*.test.{ts,tsx}", "prisma/**/*.test.ts", "scripts/**/*.test.ts"],
          exclude: notTests,
          // A property test on two busy cores.
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: "cases",
          include: ["test/**/*.test.ts"],
          exclude: [...notTests, "test/integration/**"],
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
