import { describe, expect, it } from "vitest";
import { runSuite } from "./run-suite.ts";
import type { Suite, SuiteResult } from "./suite.ts";

const runTool = () => Promise.reject(new Error("these suites run no tool"));

async function resultOf(run: Suite["run"]): Promise<{ readonly result: SuiteResult; readonly printed: string }> {
  let printed = "";
  const print = (text: string) => {
    printed += text;
  };
  const result = await runSuite({ name: "sample", title: "a sample", run }, { scratch: "", runTool, print });
  return { result, printed };
}

describe("runSuite", () => {
  it("hands on what the suite counted", async () => {
    const counted: SuiteResult = { passed: 2, failed: 1, skipped: [{ name: "a", reason: "b" }] };
    const { result, printed } = await resultOf(async () => counted);
    expect(result).toEqual(counted);
    expect(printed).toContain("sample: 2 passed, 1 failed, 1 skipped");
  });

  it("counts a crash as a failure and says why", async () => {
    const { result, printed } = await resultOf(() => Promise.reject(new Error("no such tool")));
    expect(result).toEqual({ passed: 0, failed: 1, skipped: [] });
    expect(printed).toContain("no such tool");
  });

  it("counts a suite that checked nothing as a failure", async () => {
    const { result } = await resultOf(async () => ({ passed: 0, failed: 0, skipped: [] }));
    expect(result.failed).toBe(1);
  });
});
