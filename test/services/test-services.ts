import { inject } from "vitest";

/** Addresses of the services that every integration test shares; a test keeps to names of its own in them. */
export interface TestServices {
  /** With Millrace's tables in it. */
  readonly databaseUrl: string;
  readonly redisUrl: string;
}

declare module "vitest" {
  interface ProvidedContext {
    services: TestServices;
  }
}

/** The PostgreSQL and the Redis that were started for this run. */
export function testServices(): TestServices {
  return inject("services");
}
