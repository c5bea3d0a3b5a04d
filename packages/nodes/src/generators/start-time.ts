const isoTime = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/;

/** Milliseconds of `2026-01-01` (midnight UTC) or `2026-01-01T08:30:00Z`; null when the text is neither, or names no zone. */
export function parseStart(text: string): number | null {
  const ms = isoTime.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? null : ms;
}
