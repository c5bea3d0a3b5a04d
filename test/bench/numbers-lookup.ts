import { createMemoryLookup, type LookupConnector } from "@millrace/engine";

/** The side input of Nexmark's q13: for every key from 0 to 9999 the key as text. */
export const sideInput: ReadonlyMap<number, string> = new Map(Array.from({ length: 10_000 }, (_, i) => [i, String(i)]));

export function createNumbersLookup(): LookupConnector {
  return createMemoryLookup([...sideInput].map(([key, value]) => ({ key, value })));
}
