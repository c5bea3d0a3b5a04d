import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Figures } from "./bench-subject.ts";

const path = fileURLToPath(new URL("floors.json", import.meta.url));
/** How far a ratio may fall below what was measured before `--check` fails. */
const share = 0.82;

/** Sets the floors of what was measured in floors.json; the others stay. */
export async function writeFloors(figures: readonly Figures[]): Promise<void> {
  const floors: Record<string, Record<string, number>> = JSON.parse(await readFile(path, "utf8"));
  for (const { subject, tier, ratio } of figures) floors[subject] = { ...floors[subject], [tier]: Number((ratio * share).toPrecision(2)) };
  const lines = Object.entries(floors).map(([subject, of]) => {
    const tiers = Object.entries(of).map(([tier, floor]) => `"${tier}": ${floor}`);
    return `  "${subject}": { ${tiers.join(", ")} }`;
  });
  await writeFile(path, `{\n${lines.join(",\n")}\n}\n`);
}
