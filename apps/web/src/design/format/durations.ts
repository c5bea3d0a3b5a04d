const units = [
  { ms: 86_400_000, name: "d" },
  { ms: 3_600_000, name: "h" },
  { ms: 60_000, name: "min" },
  { ms: 1000, name: "s" },
] as const;

/** A duration as people say it, in at most two units: `850 ms`, `4.2 s`, `5 min`, `1 h 20 min`, `3 d 4 h`. */
export function durationWords(ms: number): string {
  if (!Number.isFinite(ms)) return "–";
  if (ms < 0) return `−${durationWords(-ms)}`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 9950) return `${(ms / 1000).toFixed(1).replace(".0", "")} s`;
  const rounded = roundTo(ms);
  const first = units.findIndex((unit) => rounded >= unit.ms);
  const big = units[first] ?? units[3];
  const small = units[first + 1];
  const count = Math.floor(rounded / big.ms);
  const rest = small === undefined ? 0 : Math.floor((rounded - count * big.ms) / small.ms);
  return rest === 0 || small === undefined ? `${count} ${big.name}` : `${count} ${big.name} ${rest} ${small.name}`;
}

/** Rounds to what the second unit can say, so that 59.6 s is not `59 s` and 1 h 59 min 40 s is `2 h`. */
function roundTo(ms: number): number {
  const step = ms >= 86_400_000 ? 3_600_000 : ms >= 3_600_000 ? 60_000 : 1000;
  return Math.round(ms / step) * step;
}

/** How long ago: `just now`, `12 s ago`, `5 min ago`, `3 d ago`. One unit is enough for the past. */
export function agoWords(ms: number): string {
  if (!Number.isFinite(ms)) return "–";
  if (ms < 2000) return "just now";
  const unit = units.find((candidate) => ms >= candidate.ms) ?? units[3];
  return `${Math.floor(ms / unit.ms)} ${unit.name} ago`;
}
