import { PrismaPg } from "@prisma/adapter-pg";
import type { SqlDriverAdapter, SqlMigrationAwareDriverAdapterFactory } from "@prisma/driver-adapter-utils";

/** The way by which migrations reach a database. */
export interface MigrationConnection {
  readonly adapter: SqlMigrationAwareDriverAdapterFactory;
  /** What the server last said against a script; the engine knows such an error by a number only. */
  scriptError(): Error | null;
  /** Closes what was opened; the engine leaves connections, and the lock that it holds through one, to us. */
  close(): Promise<void>;
}

/**
 * Opens the way to the database at `url`. A script goes to the server whole, which makes it one transaction: the
 * adapter's own way is to cut it at every semicolon, also inside a function's body.
 */
export function openMigrationConnection(url: string): MigrationConnection {
  const factory = new PrismaPg(url);
  const opened: SqlDriverAdapter[] = [];
  let scriptError: Error | null = null;
  const adapter: SqlMigrationAwareDriverAdapterFactory = {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connectToShadowDb: () => factory.connectToShadowDb(),
    async connect() {
      const connected = await factory.connect();
      connected.executeScript = async (script) => {
        try {
          await connected.underlyingDriver().query(script);
        } catch (error) {
          scriptError = error instanceof Error ? error : new Error(String(error));
          throw error;
        }
      };
      opened.push(connected);
      return connected;
    },
  };
  return {
    adapter,
    scriptError: () => scriptError,
    async close() {
      await Promise.all(opened.map((connected) => connected.dispose()));
    },
  };
}
