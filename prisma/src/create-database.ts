import { PrismaPg } from "@prisma/adapter-pg";
import { PrismaClient } from "./generated/client.ts";

/** The typed client of the Millrace database. Owns a pool of connections: `$disconnect()` closes it. */
export type Database = PrismaClient;

export interface DatabaseOptions {
  /** Most connections that the pool opens; 10 unless told. */
  readonly poolSize?: number;
  /** How long opening a connection may take, in ms; 5000 unless told. */
  readonly connectTimeoutMs?: number;
}

/**
 * Makes a client for the database at `url` (`postgresql://user:password@host:port/name`). Connects with the
 * first query, which rejects when the server cannot be reached. One client serves a whole process.
 */
export function createDatabase(url: string, options: DatabaseOptions = {}): Database {
  const adapter = new PrismaPg({
    connectionString: url,
    max: options.poolSize ?? 10,
    connectionTimeoutMillis: options.connectTimeoutMs ?? 5000,
    application_name: "millrace",
  });
  return new PrismaClient({ adapter });
}
