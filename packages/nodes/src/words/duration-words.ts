const units = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1000],
  ["ms", 1],
] as const;

/** A duration as people say it: `5 min`, `1 h 20 min`, `250 ms`, `0 s`. `ms` is a whole number, not negative. */
export function durationWords(ms: number): string {
  if (ms === 0) return "0 s";
  let rest = ms;
  const parts: string[] = [];
  for (const [name, unitMs] of units) {
    const count = Math.floor(rest / unitMs);
    rest -= count * unitMs;
    if (count > 0) parts.push(`${count} ${name}`);
  }
  return parts.join(" ");
}
