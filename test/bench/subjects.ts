import floors from "./floors.json" with { type: "json" };
import { hopping } from "./hopping.ts";
import { type Measured, measureInTurn } from "./measure.ts";
import { q0, q2 } from "./nexmark-bids.ts";
import { runDocument } from "./run-document.ts";
import { sessions } from "./sessions.ts";
import type { Subject } from "./subject.ts";

/** Every subject beside the error spike, by name. */
export const subjects: readonly Subject[] = [hopping, q0, q2, sessions];

export interface SubjectFigures {
  readonly subject: string;
  readonly measured: readonly Measured[];
  readonly ratio: number;
  readonly floor: number;
}

const sorted = (text: string): string => text.split("\n").sort().join("\n");

/** Measures one subject in turn with its plain implementation. Throws when their rows differ: then no figure counts. */
export async function benchSubject(
  subject: Subject,
  records: number,
  rounds: number,
  say: (line: string) => void,
): Promise<SubjectFigures> {
  const bytes = subject.input(records);
  say(`${subject.title}: ${records} records, ${(bytes.length / records).toFixed(0)} bytes each`);
  const expected = sorted(subject.naive(bytes));
  const actual = sorted(await runDocument(subject.document, bytes));
  if (actual !== expected)
    throw new Error(
      `The outputs of "${subject.name}" differ, so no figure counts.\nnaive:\n${expected.slice(0, 600)}\nMillrace:\n${actual.slice(0, 600)}`,
    );
  say(`outputs are equal: ${expected.split("\n").length - 1} rows`);
  const measured = await measureInTurn(
    [
      { name: "Millrace", records, run: () => runDocument(subject.document, bytes) },
      { name: "plain callbacks", records, run: async () => subject.naive(bytes) },
    ],
    rounds,
    say,
  );
  const floor = new Map(Object.entries(floors)).get(subject.name);
  if (floor === undefined) throw new Error(`floors.json has no floor for "${subject.name}"; add one`);
  const ratio = measured[0].median / measured[1].median;
  for (const { name, median } of measured) say(`${name.padEnd(16)} ${(median / 1e6).toFixed(3).padStart(8)} M records per CPU second`);
  say(`Millrace is ×${ratio.toFixed(2)} of plain callbacks (floor ×${floor})`);
  return { subject: subject.name, measured, ratio, floor };
}
