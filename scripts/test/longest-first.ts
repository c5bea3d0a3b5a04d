import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * Test files that take long, the longest first. Begun last, one of them would run alone while the other cores are idle;
 * vitest goes by durations only where it has run before, and by the sizes of files elsewhere.
 */
export const longFiles: readonly string[] = [
  "test/integration/chaos.test.ts",
  "test/properties/random-pipelines.test.ts",
  "test/properties/more-random-pipelines.test.ts",
  "test/simulation/simulation.test.ts",
  "test/simulation/more-simulation.test.ts",
  "test/integration/runtime-control.test.ts",
  "apps/runtime/src/connectors/kafka/kafka.test.ts",
  "test/integration/runtime-recovery.test.ts",
  "test/integration/kafka.test.ts",
  "apps/runtime/src/cli/command-line.test.ts",
  "packages/engine/src/dataflow/spilling.test.ts",
  "apps/runtime/src/state/larger-than-memory.test.ts",
  "apps/runtime/src/runtime.test.ts",
  "packages/engine/src/expression/testing/fuzz-expressions.test.ts",
  "packages/engine/src/window/window-properties.test.ts",
];

/** Puts files that take long first, and leaves the others in vitest's own order. */
export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const rank = new Map(sorted.map((file) => [file, rankOf(file.moduleId)]));
    return sorted.sort((a, b) => (rank.get(a) ?? 0) - (rank.get(b) ?? 0));
  }
}

function rankOf(path: string): number {
  const at = longFiles.findIndex((file) => path.replaceAll("\\", "/").endsWith(`/${file}`));
  return at < 0 ? longFiles.length : at;
}
