import type { BoundedFigure } from "../bounded-figure.ts";
import floors from "./floors.json" with { type: "json" };

/** A figure that has a floor as well: what it must not miss on any machine that runs `--check`. */
export interface Figure extends BoundedFigure {
  readonly name: keyof typeof floors;
}

/** Whether a figure is on the right side of what is committed in floors.json. */
export function holds(figure: Figure): boolean {
  return isWithin(figure, floors[figure.name]);
}

/** The figures as lines of a table. */
export function table(figures: readonly Figure[]): string[] {
  const rows = figures.map((figure) => {
    const sign = figure.atLeast ? "≥" : "≤";
    const reached = isWithin(figure, figure.target) ? "reached" : "missed";
    return [
      figure.words,
      `${figure.value.toFixed(2)} ${figure.unit}`,
      `${sign} ${figure.target} ${figure.unit}`,
      reached,
      `${sign} ${floors[figure.name]}${holds(figure) ? "" : "  BROKEN"}`,
    ];
  });
  const all = [["figure", "median", "target", "", "floor"], ...rows];
  const widths = all[0].map((_, column) => Math.max(...all.map((row) => row[column].length)));
  return all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]))
      .join("  ")
      .trimEnd(),
  );
}

function isWithin({ value, atLeast }: Figure, bound: number): boolean {
  return atLeast ? value >= bound : value <= bound;
}
