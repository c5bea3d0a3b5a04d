import { createMemoryLookup, type LookupConnector } from "@millrace/engine";

/** The side input of Nexmark's q13: for every number from 0 to 9999, as `side`, the number as text. */
export const sideInput: ReadonlyMap<number, string> = new Map(Array.from({ length: 10_000 }, (_, i) => [i, String(i)]));

/** Answers with the rows of the side input. */
export const numbersLookup: LookupConnector = createMemoryLookup([...sideInput].map(([key, value]) => ({ side: String(key), value })));
