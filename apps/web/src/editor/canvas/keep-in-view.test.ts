import { expect, it } from "vitest";
import { type Box, shiftIntoView, visibleFrame } from "./keep-in-view.ts";

const frame = { left: 0, top: 0, right: 1000, bottom: 600 };

it("moves no more than it must", () => {
  expect(shiftIntoView({ left: 100, top: 100, right: 324, bottom: 156 }, frame)).toEqual({ x: 0, y: 0 });
  expect(shiftIntoView({ left: 900, top: -50, right: 1124, bottom: 6 }, frame)).toEqual({ x: -148, y: 74 });
  expect(shiftIntoView({ left: 500, top: 100, right: 2500, bottom: 156 }, frame).x).toBe(-476);
});

it("leaves out what the inspector covers", () => {
  expect(visibleFrame(frame, { left: 640, top: 0, right: 1000, bottom: 600 }).right).toBe(640);
  expect(visibleFrame(frame, { left: 1000, top: 0, right: 1360, bottom: 600 })).toBe(frame);
  expect(visibleFrame(frame, null)).toBe(frame);
  const rect: Box = Object.create(frame);
  expect(visibleFrame(rect, { left: 640, top: 0, right: 1000, bottom: 600 })).toEqual({ left: 0, top: 0, right: 640, bottom: 600 });
});
