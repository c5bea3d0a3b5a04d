export { createDatabase, type Database, type DatabaseOptions } from "./create-database.ts";
export type * from "./generated/client.ts";
export { DesiredState, Prisma, StartFrom } from "./generated/client.ts";
