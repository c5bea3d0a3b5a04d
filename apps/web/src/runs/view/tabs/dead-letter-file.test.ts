import { expect, test } from "vitest";
import { deadLetterCsv } from "./dead-letter-file.ts";

test("G2: a table whose cells are quoted and begin no formula", () => {
  const letter = {
    id: "1-0",
    atMs: 0,
    deploymentId: "d",
    node: "in",
    position: "line 3",
    reason: 'not "JSON", cut',
    raw: "=cmd|'/c calc'!A1",
  };
  expect(deadLetterCsv([letter, { ...letter, raw: "plain\nlines" }])).toBe(
    '"when","node","position","reason","record"\r\n' +
      '"1970-01-01T00:00:00.000Z","in","line 3","not ""JSON"", cut","\'=cmd|\'/c calc\'!A1"\r\n' +
      '"1970-01-01T00:00:00.000Z","in","line 3","not ""JSON"", cut","plain\nlines"\r\n',
  );
});
