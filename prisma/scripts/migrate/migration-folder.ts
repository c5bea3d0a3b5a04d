import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { MigrationDirectory, MigrationList } from "@prisma/schema-engine-wasm";
import type { SchemaFile } from "./schema-engine.ts";

const prismaFolder = fileURLToPath(new URL("../../", import.meta.url));
const migrationsFolder = join(prismaFolder, "migrations");
const lockfileName = "migration_lock.toml";

/** The committed schema. */
export async function readSchema(): Promise<SchemaFile> {
  const path = join(prismaFolder, "schema.prisma");
  return { path, content: await readFile(path, "utf8") };
}

/** The committed migrations, oldest first. */
export async function readMigrations(): Promise<MigrationList> {
  const entries = await readdir(migrationsFolder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return {
    baseDir: migrationsFolder,
    lockfile: { path: lockfileName, content: await readOptional(join(migrationsFolder, lockfileName)) },
    shadowDbInitScript: "",
    migrationDirectories: await Promise.all(names.sort().map(readMigration)),
  };
}

/** Writes a new migration and returns the path of its file. */
export async function writeMigration(name: string, script: string): Promise<string> {
  const folder = join(migrationsFolder, name);
  await mkdir(folder, { recursive: true });
  await writeFile(join(migrationsFolder, lockfileName), 'provider = "postgresql"\n');
  const path = join(folder, "migration.sql");
  await writeFile(path, script.endsWith("\n") ? script : `${script}\n`);
  return path;
}

async function readMigration(name: string): Promise<MigrationDirectory> {
  const content = await readFile(join(migrationsFolder, name, "migration.sql"), "utf8");
  return { path: name, migrationFile: { path: "migration.sql", content: { tag: "ok", value: content } } };
}

async function readOptional(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}
