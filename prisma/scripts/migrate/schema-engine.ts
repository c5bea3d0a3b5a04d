import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
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
  const path = createRequire(import.meta.url)
    .resolve("@prisma/schema-engine-wasm/schema_engine_bg")
    .replace(/\.js$/, ".wasm");
  const imports = withIdleTimers(glue as WebAssembly.ModuleImports);
  const { instance } = await WebAssembly.instantiate(await readFile(path), { "./schema_engine_bg.js": imports });
  // The glue's typings leave out what wasm-bindgen generates for itself.
  (glue as { __wbg_set_wasm(exports: WebAssembly.Exports): void }).__wbg_set_wasm(instance.exports);
  (instance.exports as { __wbindgen_start(): void }).__wbindgen_start();
  loaded = true;
}

/** The engine forgets timers of ten seconds, over which the process would be kept alive. */
function withIdleTimers(glue: WebAssembly.ModuleImports): WebAssembly.ModuleImports {
  const imports = { ...glue };
  for (const [name, imported] of Object.entries(glue)) {
    if (!name.startsWith("__wbg_setTimeout") || typeof imported !== "function") continue;
    imports[name] = (...args: readonly unknown[]) => {
      const timer: unknown = imported(...args);
      if (typeof timer === "object" && timer !== null && "unref" in timer && typeof timer.unref === "function") timer.unref();
      return timer;
    };
  }
  return imports;
}
