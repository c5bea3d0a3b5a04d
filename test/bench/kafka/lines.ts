/** Members of a record, in the order in which the engine writes them: copies of a value are equal byte by byte. */
export const copiedFields = [
  { name: "id", type: "bigint" },
  { name: "card", type: "string" },
  { name: "amount", type: "double" },
  { name: "at", type: "timestamp" },
  { name: "merchant", type: "string" },
  { name: "note", type: "string" },
] as const;

const merchants = ["grocer", "fuel", "books", "travel", "pharmacy", "cinema", "hardware"];
const startMs = 1_700_000_000_000;

/** The value of record `id`: about 150 bytes of JSON. */
export function lineOf(id: number, note = "paid at the counter, no signature"): string {
  const card = `card-${(id * 7_368_787) % 100_003}`;
  const amount = ((id * 37) % 100_000) / 4;
  const at = startMs + id;
  return JSON.stringify({ id, card, amount, at, merchant: merchants[id % merchants.length], note });
}
