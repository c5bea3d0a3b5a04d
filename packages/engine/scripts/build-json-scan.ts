import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { argv, stdout } from "node:process";
import wabt from "wabt";

const folder = join(import.meta.dirname, "../src/column");

/** The module that `json-scan.wat` describes, as the text of `json-scan.wasm.ts`. */
async function buildJsonScan(): Promise<string> {
  const { parseWat } = await wabt();
  const module = parseWat("json-scan.wat", readFileSync(join(folder, "json-scan.wat"), "utf8"), { simd: true });
  module.validate();
  const base64 = Buffer.from(module.toBinary({}).buffer).toString("base64");
  return `/** \`json-scan.wat\`, assembled by \`scripts/build-json-scan.ts\`; a test holds the two together. */\nexport const jsonScanWasm =\n  "${base64}";\n`;
}

/** Writes the module, or with `--print` prints it. */
const text = await buildJsonScan();
if (argv.includes("--print")) stdout.write(text);
else writeFileSync(join(folder, "json-scan.wasm.ts"), text);
