/** ` by service, host`, or nothing when there are no keys; for the end of a headline. */
export function byKeys(keys: readonly string[]): string {
  return keys.length === 0 ? "" : ` by ${keys.join(", ")}`;
}
