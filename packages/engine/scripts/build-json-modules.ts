import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { argv, stdout } from "node:process";
import wabt from "wabt";

const folder = join(import.meta.dirname, "../src/column");
const modules = [
  ["json-scan", "jsonScanWasm"],
  ["json-write", "jsonWriteWasm"],
] as const;

/** The module that `<file>.wat` describes, as the text of `<file>.wasm.ts`. */
async function buildModule(file: string, name: string): Promise<string> {
  const { parseWat } = await wabt();
  const module = parseWat(`${file}.wat`, readFileSync(join(folder, `${file}.wat`), "utf8"), { simd: true });
  module.validate();
  const base64 = Buffer.from(module.toBinary({}).buffer).toString("base64");
  return `/** \`${file}.wat\`, assembled by \`scripts/build-json-modules.ts\`; a test holds the two together. */\nexport const ${name} =\n  "${base64}";\n`;
}

/** Writes the modules, or with `--print` prints them. */
for (const [file, name] of modules) {
  const text = await buildModule(file, name);
  if (argv.includes("--print")) stdout.write(text);
  else writeFileSync(join(folder, `${file}.wasm.ts`), text);
}
