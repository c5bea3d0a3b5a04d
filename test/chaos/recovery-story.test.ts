import { expect, test } from "vitest";
import { recoveryStory } from "./recovery-story.ts";

test("says when each step was taken for the last time, and nothing of what was before the fault was mended", () => {
  const log = [
    { time: 900, msg: "pipeline process started" },
    { time: 1500, msg: "pipeline process started" },
    { time: 2500, msg: "pipeline process started" },
    { time: 4000, msg: "restored from a checkpoint" },
    { msg: "a line without a time" },
  ];
  expect(recoveryStory(log, 1000)).toBe(" (process begun after 1.5 s, restored after 3.0 s)");
  expect(recoveryStory(log, 3000)).toBe(" (restored after 1.0 s)");
  expect(recoveryStory(log, 5000)).toBe("");
});
