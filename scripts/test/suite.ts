import type { ToolOptions, ToolResult } from "../setup/run-tool.ts";

/** What a suite can say about running a tool. */
export type SuiteToolOptions = Omit<ToolOptions, "signal">;

/** What came out of a suite. */
export interface SuiteResult {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: readonly SkippedCheck[];
}

/** A check that was not made, and why. */
export interface SkippedCheck {
  readonly name: string;
  readonly reason: string;
}

/** What suites are given. */
export interface SuiteContext {
  /** Folder for reports, removed at the end. */
  readonly scratch: string;
  /** Runs a JavaScript or TypeScript file to its end; see `runNodeTool`. Ended when the run is interrupted. */
  readonly runTool: (file: string, args: readonly string[], options?: SuiteToolOptions) => Promise<ToolResult>;
  /** Prints what a suite has to say while it runs. */
  readonly print: (text: string) => void;
}

/** A part of `npm test`. Rejects when it crashed, which counts as one failure. */
export interface Suite {
  readonly name: string;
  /** What it checks, for the header. */
  readonly title: string;
  run(context: SuiteContext): Promise<SuiteResult>;
}

/** The sum of several results. */
export function sumResults(results: readonly SuiteResult[]): SuiteResult {
  return {
    passed: results.reduce((sum, result) => sum + result.passed, 0),
    failed: results.reduce((sum, result) => sum + result.failed, 0),
    skipped: results.flatMap((result) => result.skipped),
  };
}
