import { connectionService } from "@millrace/protocol";
import { z } from "zod";
import { connectionName } from "../../pipelines/connection-name.ts";
import { procedure } from "../../trpc.ts";

const input = z.strictObject({
  service: connectionService,
  connection: connectionName,
});

/** Whether a connection works that a runtime knows by its name, and what is there. */
export const test = procedure({ role: "editor" })
  .input(input)
  .mutation(({ ctx, input: { service, connection } }) =>
    ctx.services.runtime.ask<"connection-test">({ kind: "connection-test", service, connection }),
  );
