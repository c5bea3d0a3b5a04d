import { PGlite } from "@electric-sql/pglite";
import { PrismaPGlite } from "pglite-prisma-adapter";

/** An empty PostgreSQL in memory, in which migrations are replayed to see what schema they amount to. */
export function createShadowDatabase(): { readonly adapter: PrismaPGlite; close(): Promise<void> } {
  const database = new PGlite();
  return { adapter: new PrismaPGlite(database), close: () => database.close() };
}
