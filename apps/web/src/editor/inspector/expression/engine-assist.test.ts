import { expect, it } from "vitest";
import { engineAssist } from "./engine-assist.ts";

const fields = [
  { name: "level", type: { kind: "string" } },
  { name: "two words", type: { kind: "bigint" } },
] as const;

const offersAt = (text: string) => {
  const offset = text.indexOf("|");
  const { from, offers } = engineAssist.complete(text.replace("|", ""), offset, fields);
  return { from, first: offers[0], labels: offers.map((offer) => offer.label) };
};

it("replaces the word before the cursor", () => {
  expect(offersAt("UPPER(lev|")).toMatchObject({ from: 6, first: { label: "level", insert: "level" } });
  expect(offersAt("1 + `tw|")).toMatchObject({ from: 4, first: { insert: "`two words`" } });
  expect(offersAt("level = |").from).toBe(8);
});

it("shows how functions are used, under their other names too", () => {
  const upper = offersAt("UPP|").first;
  expect(upper.label).toBe("UPPER");
  expect(upper.examples.length).toBeGreaterThan(0);
  expect(upper.examples[0]).toContain("UPPER(");
});

it("quotes only what must be quoted", () => {
  expect(["level", "two words"].map(engineAssist.reference)).toEqual(["level", "`two words`"]);
});
