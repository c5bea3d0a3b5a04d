import { deployMigrations } from "@millrace/db/deploy-migrations";
import { Client } from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { testServices } from "../../services/test-services.ts";

const name = "migrations_test";
let admin: Client;
let url: string;
beforeAll(async () => {
  admin = new Client({ connectionString: testServices().databaseUrl });
  await admin.connect();
  await admin.query(`CREATE DATABASE ${name}`);
  const parsed = new URL(testServices().databaseUrl);
  parsed.pathname = `/${name}`;
  url = parsed.href;
});
afterAll(async () => {
  await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  await admin.end();
});

async function query(sql: string): Promise<readonly unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

it("are applied once, tried again after a failure, and refused when their text was changed since", async () => {
  await query("CREATE TYPE start_from AS ENUM ()");
  await expect(deployMigrations(url)).rejects.toThrow('"start_from" already exists');
  // What comes before that type in the same migration is not there: it failed as a whole.
  expect(await query("SELECT to_regtype('desired_state') AS type")).toEqual([{ type: null }]);

  await query("DROP TYPE start_from");
  expect(await deployMigrations(url)).not.toEqual([]);
  expect(await deployMigrations(url)).toEqual([]);

  await query("UPDATE _prisma_migrations SET checksum = 'other' WHERE finished_at IS NOT NULL");
  await expect(deployMigrations(url)).rejects.toThrow("another text of these migrations");
});
