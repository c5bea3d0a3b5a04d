import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import wabt from "wabt";

const folder = join(import.meta.dirname, "../src/column");

/** The module that `json-scan.wat` describes, as the text of `json-scan.wasm.ts`. */
export async function buildJsonScan(): Promise<string> {
  const { parseWat } = await wabt();
  const module = parseWat("json-scan.wat", readFileSync(join(folder, "json-scan.wat"), "utf8"), { simd: true });
  module.validate();
  const base64 = Buffer.from(module.toBinary({}).buffer).toString("base64");
  return `/** \`json-scan.wat\`, assembled by \`scripts/build-json-scan.ts\`; a test holds the two together. */\nexport const jsonScanWasm =\n  "${base64}";\n`;
}

if (import.meta.main) writeFileSync(join(folder, "json-scan.wasm.ts"), await buildJsonScan());
