const longest = 63;

/**
 * A readable slug made from `label` that `isTaken` refuses not: `Errors per service` → `errors_per_service`,
 * then `errors_per_service_2` and so on. Always matches `[a-z][a-z0-9_]{0,62}`.
 */
export function freshSlug(label: string, isTaken: (slug: string) => boolean): string {
  const base = slugify(label);
  if (!isTaken(base)) return base;
  for (let n = 2; ; n++) {
    const suffix = `_${n}`;
    const candidate = base.slice(0, longest - suffix.length) + suffix;
    if (!isTaken(candidate)) return candidate;
  }
}

function slugify(label: string): string {
  const words = label
    .normalize("NFKD")
    .replace(/\p{Mark}+/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "");
  if (words === "") return "node";
  const led = /^[a-z]/.test(words) ? words : `node_${words}`;
  return led.slice(0, longest).replace(/_+$/, "");
}
