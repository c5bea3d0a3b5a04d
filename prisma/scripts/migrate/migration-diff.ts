import { readMigrations, readSchema } from "./migration-folder.ts";
import { noFilter, startSchemaEngine } from "./schema-engine.ts";
import { createShadowDatabase } from "./shadow-database.ts";

/** The SQL that leads from what the committed migrations amount to, to the schema; empty when they agree. */
export async function diffMigrationsWithSchema(): Promise<string> {
  const [schema, migrations] = await Promise.all([readSchema(), readMigrations()]);
  const shadow = createShadowDatabase();
  const engine = await startSchemaEngine(shadow.adapter, schema);
  try {
    const { stdout, exitCode } = await engine.diff({
      from: migrations.migrationDirectories.length === 0 ? { tag: "empty" } : { tag: "migrations", ...migrations },
      to: { tag: "schemaDatamodel", files: [schema] },
      script: true,
      exitCode: true,
      filters: noFilter,
    });
    return exitCode === 2 ? (stdout ?? "") : "";
  } finally {
    engine.free();
    await shadow.close();
  }
}
