import { z } from "zod";
import { procedure } from "../../trpc.ts";

const input = z.strictObject({
  service: z.enum(["kafka", "postgresql", "redis", "schema-registry"]),
  connection: z.string().regex(/^[a-z][a-z0-9_-]{0,62}$/, "a connection is named by small letters, digits, _ and -"),
});

/** Whether a connection works that a runtime knows by its name, and what is there. */
export const test = procedure({ role: "editor" })
  .input(input)
  .mutation(({ ctx, input: { service, connection } }) =>
    ctx.services.runtime.ask<"connection-test">({ kind: "connection-test", service, connection }),
  );
