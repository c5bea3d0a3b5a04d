import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { bindMigrationAwareSqlAdapterFactory, type SqlMigrationAwareDriverAdapterFactory } from "@prisma/driver-adapter-utils";
import type { SchemaEngine } from "@prisma/schema-engine-wasm";

/** Prisma's schema engine over one database. `free()` gives its memory back. */
export type { SchemaEngine };

/** The whole schema is ours: nothing is managed from outside. */
export const noFilter = { externalTables: [], externalEnums: [] };

/**
 * Starts Prisma's schema engine as WebAssembly, so that no engine binary has to be downloaded. The package's own
 * entry imports the module as `import * from ".wasm"`, which needs a bundler; hence loading it by hand.
 */
export async function startSchemaEngine(adapter: SqlMigrationAwareDriverAdapterFactory, schema?: SchemaFile): Promise<SchemaEngine> {
  const glue = await import("@prisma/schema-engine-wasm/schema_engine_bg");
  await loadWasm(glue);
  const datamodels: [string, string][] | undefined = schema === undefined ? undefined : [[schema.path, schema.content]];
  return glue.SchemaEngine.new({ datamodels }, () => undefined, bindMigrationAwareSqlAdapterFactory(adapter));
}

export interface SchemaFile {
  readonly path: string;
  readonly content: string;
}

let loaded = false;

async function loadWasm(glue: object): Promise<void> {
  if (loaded) return;
  const path = fileURLToPath(import.meta.resolve("@prisma/schema-engine-wasm")).replace("schema_engine.js", "schema_engine_bg.wasm");
  const { instance } = await WebAssembly.instantiate(await readFile(path), { "./schema_engine_bg.js": glue as WebAssembly.ModuleImports });
  // The glue's typings leave out what wasm-bindgen generates for itself.
  (glue as { __wbg_set_wasm(exports: WebAssembly.Exports): void }).__wbg_set_wasm(instance.exports);
  (instance.exports as { __wbindgen_start(): void }).__wbindgen_start();
  loaded = true;
}
