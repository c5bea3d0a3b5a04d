import { expect, test } from "vitest";
import { intoGroup, newStage, onceOnly, outOfGroup, readStages, stageNames, writeStages } from "./pattern-stages.ts";

test("what the form writes is what it read, without what is default", () => {
  const saved = [
    { name: "small", where: "amount < 5", times: { min: 3, max: null, greedy: true, inner: "consecutive" }, until: "amount > 90" },
    { name: "large", contiguity: "notFollowedBy", withinPrevious: "5m" },
    { name: "other", times: { min: 1, max: 1, optional: true } },
    {
      name: "again",
      contiguity: "next",
      times: { min: 2, max: 3, inner: "consecutive" },
      group: [
        { name: "a", where: "x" },
        { name: "inner", group: [{ name: "b" }] },
      ],
    },
  ];
  expect(writeStages(readStages(saved))).toEqual(saved);
});

test("the first stage follows nothing, and a new one has a name of its own", () => {
  const first = readStages([{ name: "event", contiguity: "next" }]);
  expect(writeStages(first)).toEqual([{ name: "event" }]);
  expect(newStage(stageNames(first))).toMatchObject({ name: "event_2", contiguity: "followedBy", times: onceOnly });
});

test("a stage goes into a group and out of it again", () => {
  const [, stage] = readStages([{ name: "group" }, { name: "b", contiguity: "next", where: "x" }]);
  const group = intoGroup(stage, ["group", "b"]);
  expect(writeStages([stage, group])).toMatchObject([
    { name: "b" },
    { name: "group_2", contiguity: "next", group: [{ name: "b", where: "x" }] },
  ]);
  expect(outOfGroup(group)).toEqual([stage]);
  expect(stageNames([stage, group])).toEqual(["b", "group_2", "b"]);
});

test("whatever the document holds is read", () => {
  expect(readStages("x")).toEqual([]);
  expect(readStages([null, { name: 7, contiguity: "x", times: { min: "x" } }])).toMatchObject([
    { name: "", times: onceOnly },
    { name: "7", contiguity: "followedBy", times: { min: 1, max: null } },
  ]);
});
