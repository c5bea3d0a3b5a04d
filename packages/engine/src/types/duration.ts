const units = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1000],
  ["ms", 1],
] as const;

const form = /^(?:(\d{1,9})d)?(?:(\d{1,9})h)?(?:(\d{1,9})m)?(?:(\d{1,9})s)?(?:(\d{1,12})ms)?$/;

/** Milliseconds of a duration such as `5m`, `1h30m` or `250ms`; null when the text is none. `0s` is zero. */
export function parseDuration(text: string): number | null {
  const match = form.exec(text);
  if (match === null || text === "") return null;
  let ms = 0;
  units.forEach(([, unitMs], i) => {
    const digits: string | undefined = match[i + 1];
    if (digits !== undefined) ms += Number(digits) * unitMs;
  });
  return Number.isSafeInteger(ms) ? ms : null;
}

/** The one canonical form of a duration: `5m`, `1h30m`, `250ms`, `0s`. `ms` is a whole number, not negative. */
export function writeDuration(ms: number): string {
  if (ms === 0) return "0s";
  let rest = ms;
  let text = "";
  for (const [name, unitMs] of units) {
    const count = Math.floor(rest / unitMs);
    rest -= count * unitMs;
    if (count > 0) text += `${count}${name}`;
  }
  return text;
}
