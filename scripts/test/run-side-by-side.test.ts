import { describe, expect, it } from "vitest";
import { type Lane, runSideBySide, type SuiteResults } from "./run-side-by-side.ts";
import type { Suite, SuiteResult } from "./suite.ts";

const runTool = () => Promise.reject(new Error("these suites run no tool"));
const counted = (passed: number, failed: number): SuiteResult => ({ passed, failed, skipped: [] });

/** Two suites that wait for each other: each says something before and after the other has spoken. */
function talkingSuites(): readonly Suite[] {
  const first = Promise.withResolvers<void>();
  const second = Promise.withResolvers<void>();
  return [
    {
      name: "first",
      title: "speaks, listens, speaks",
      async run({ print }) {
        print("first begins\n");
        first.resolve();
        await second.promise;
        print("first ends\n");
        return counted(3, 0);
      },
    },
    {
      name: "second",
      title: "listens, speaks, crashes",
      async run({ print }) {
        await first.promise;
        print("second speaks\n");
        second.resolve();
        throw new Error("no such tool");
      },
    },
  ];
}

async function run(lanes: readonly Lane[]): Promise<{ readonly printed: string; readonly results: SuiteResults }> {
  let printed = "";
  const print = (text: string): void => {
    printed += text;
  };
  const results = await runSideBySide(lanes, { scratch: "", runTool, print });
  return { printed, results };
}

/** What is given, some turns later. */
async function ended(result: SuiteResult, onEnd: () => void): Promise<SuiteResult> {
  await new Promise((resolve) => setTimeout(resolve, 20));
  onEnd();
  return result;
}

describe("runSideBySide", () => {
  it("runs suites at the same time, and prints what each says in one piece", async () => {
    const { printed } = await run(talkingSuites().map((suite) => [suite]));
    expect(printed).toContain("first begins\nfirst ends\nfirst: 3 passed, 0 failed, 0 skipped");
    expect(printed).toContain("second speaks\nThe suite crashed, which counts as a failure: no such tool\nsecond: 0 passed, 1 failed");
  });

  it("gives the results in the order of the suites, a crash as a failure of its own", async () => {
    const { results } = await run(talkingSuites().map((suite) => [suite]));
    expect(results.map(([{ name }, result]) => [name, result])).toEqual([
      ["first", counted(3, 0)],
      ["second", counted(0, 1)],
    ]);
  });

  it("runs the suites of a lane one after another, others beside them", async () => {
    const [first, second] = talkingSuites();
    let isOver = false;
    const before: Suite = { name: "before", title: "takes its time", run: async () => await ended(counted(1, 0), () => (isOver = true)) };
    const behind: Suite = { name: "behind", title: "looks whether it is alone", run: async () => counted(isOver ? 1 : 0, isOver ? 0 : 1) };
    const { results } = await run([[before, behind, first], [second]]);
    expect(results.map(([{ name }, { passed }]) => [name, passed])).toEqual([
      ["before", 1],
      ["behind", 1],
      ["first", 3],
      ["second", 0],
    ]);
  });

  it("lets a single suite print as it goes", async () => {
    let printed = "";
    const seen: string[] = [];
    const suite: Suite = {
      name: "alone",
      title: "looks at what is printed",
      async run({ print }) {
        print("a line\n");
        seen.push(printed);
        return counted(1, 0);
      },
    };
    await runSideBySide([[suite]], { scratch: "", runTool, print: (text) => (printed += text) });
    expect(seen[0]).toContain("a line\n");
  });
});
