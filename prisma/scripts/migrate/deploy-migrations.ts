import { openMigrationConnection } from "./migration-adapter.ts";
import { readMigrations } from "./migration-folder.ts";
import { noFilter, type SchemaEngine, startSchemaEngine } from "./schema-engine.ts";

type History = Awaited<ReturnType<SchemaEngine["diagnoseMigrationHistory"]>>;

/**
 * Applies the committed migrations that the database at `url` does not have yet and returns their names. Each is one
 * transaction: one that failed left nothing and is tried again. Rejects when one fails, or when the database has one
 * that was edited since or that this version does not know.
 */
export async function deployMigrations(url: string): Promise<readonly string[]> {
  const migrationsList = await readMigrations();
  const connection = openMigrationConnection(url);
  try {
    const engine = await startSchemaEngine(connection.adapter);
    try {
      const found = await engine.diagnoseMigrationHistory({ migrationsList, optInToShadowDatabase: false, filters: noFilter });
      refuseForeignHistory(found);
      for (const migrationName of found.failedMigrationNames) await engine.markMigrationRolledBack({ migrationName });
      const { appliedMigrationNames } = await engine.applyMigrations({ migrationsList, filters: noFilter });
      return appliedMigrationNames;
    } catch (error) {
      if (error instanceof Error && error.message.startsWith("The database schema is not empty")) {
        throw new Error("The database holds tables of another program. Give Millrace a database of its own.", { cause: error });
      }
      throw connection.scriptError() ?? error;
    } finally {
      engine.free();
    }
  } finally {
    await connection.close();
  }
}

function refuseForeignHistory({ editedMigrationNames, history }: History): void {
  if (editedMigrationNames.length > 0) {
    throw new Error(
      `The database was made with another text of these migrations: ${editedMigrationNames.join(", ")}. ` +
        "Put the committed files back, or start with an empty database.",
    );
  }
  if (history !== null && history.diagnostic !== "databaseIsBehind") {
    throw new Error(
      `The database has migrations that this version of Millrace does not have: ${history.unpersistedMigrationNames.join(", ")}. ` +
        "Run the newer version, or start with an empty database.",
    );
  }
}
