/** Bounds of an exponential back-off. */
export interface BackOff {
  readonly firstMs: number;
  readonly mostMs: number;
}

/**
 * How long to wait before try `attempt` + 1 (attempts count from 1): exponential, with full jitter over its
 * upper half. `random` is in [0, 1).
 */
export function retryDelayMs(attempt: number, backOff: BackOff, random: number): number {
  const ceiling = Math.min(backOff.mostMs, backOff.firstMs * 2 ** Math.min(30, attempt - 1));
  return ceiling / 2 + (random * ceiling) / 2;
}

/** Milliseconds that a `Retry-After` header asks for (seconds or an HTTP date), at most `mostMs`; null when it says nothing usable. */
export function retryAfterMs(header: string | null, nowMs: number, mostMs: number): number | null {
  if (header === null) return null;
  const seconds = /^\d{1,9}$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - nowMs;
  return Number.isFinite(seconds) ? Math.min(mostMs, Math.max(0, seconds)) : null;
}
