import { PrismaPg } from "@prisma/adapter-pg";
import { readMigrations } from "./migration-folder.ts";
import { noFilter, startSchemaEngine } from "./schema-engine.ts";

/**
 * Applies the committed migrations that the database at `url` does not have yet and returns their names. Rejects
 * when one fails, or when the database has one that was edited since or that this version does not know.
 */
export async function deployMigrations(url: string): Promise<readonly string[]> {
  const migrationsList = await readMigrations();
  const engine = await startSchemaEngine(new PrismaPg(url));
  try {
    const { history, editedMigrationNames } = await engine.diagnoseMigrationHistory({
      migrationsList,
      optInToShadowDatabase: false,
      filters: noFilter,
    });
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
    const { appliedMigrationNames } = await engine.applyMigrations({ migrationsList, filters: noFilter });
    return appliedMigrationNames;
  } finally {
    engine.free();
  }
}
