import { createRandom } from "../log-lines.ts";
import { createGenerator } from "./generator.ts";
import { defaultConfig, type GeneratorConfig } from "./generator-config.ts";

const linesAtOnce = 8192;

/** The first `events` of the mixed stream as JSON lines. The same seed gives the same bytes. */
export function streamLines(events: number, config: GeneratorConfig = defaultConfig, seed = 1): Uint8Array {
  const next = createGenerator(config, createRandom(seed));
  const parts: Buffer[] = [];
  for (let from = 0; from < events; from += linesAtOnce) {
    let lines = "";
    for (let n = from; n < Math.min(events, from + linesAtOnce); n++) lines += `${JSON.stringify(next(n).event)}\n`;
    parts.push(Buffer.from(lines));
  }
  return Buffer.concat(parts);
}
