/** Seeded pseudo-random numbers in [0, 1): mulberry32. */
export function createRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const services = [
  "checkout",
  "search",
  "cart",
  "payments",
  "catalogue",
  "profile",
  "shipping",
  "pricing",
  "gateway",
  "reviews",
  "inventory",
  "sessions",
];
const regions = ["eu-west", "eu-north", "us-east"];
const versions = ["4.12.0", "4.12.1", "4.13.0-rc1"];
const levels = ["INFO", "INFO", "INFO", "INFO", "INFO", "DEBUG", "DEBUG", "WARN", "ERROR", "INFO"];
const messages = [
  "request served from the primary replica after one retry of the connection",
  "upstream answered later than its budget allows; the breaker counts it",
  "cache entry was stale and has been refreshed in the background",
  "could not reserve stock for the order: the row is locked by another session",
];

export const logStartMs = Date.UTC(2026, 0, 1);

const blockLength = 1 << 22;

/** JSON lines of a log, about 280 bytes each, times rising by 10 ms, as bytes. The same seed gives the same bytes. */
export function logLines(records: number, seed = 7): Uint8Array {
  const random = createRandom(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)];
  const encoder = new TextEncoder();
  const blocks: Uint8Array[] = [];
  let text = "";
  for (let i = 0; i < records; i++) {
    const record = {
      timestamp: logStartMs + i * 10,
      service: pick(services),
      host: `node-${Math.floor(random() * 40)}`,
      region: pick(regions),
      version: pick(versions),
      level: pick(levels),
      status: 200 + Math.floor(random() * 300),
      latency_ms: Math.round(random() * 90000) / 100,
      message: pick(messages),
      trace_id: Math.floor(random() * 2 ** 48)
        .toString(16)
        .padStart(12, "0"),
      sampled: random() < 0.1,
    };
    text += `${JSON.stringify(record)}\n`;
    // All lines at once would be too long for a string.
    if (text.length < blockLength && i < records - 1) continue;
    blocks.push(encoder.encode(text));
    text = "";
  }
  return joined(blocks);
}

function joined(blocks: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(blocks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const block of blocks) {
    bytes.set(block, at);
    at += block.length;
  }
  return bytes;
}
