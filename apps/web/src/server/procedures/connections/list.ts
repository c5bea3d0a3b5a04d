import { connectionService } from "@millrace/protocol";
import { z } from "zod";
import { procedure } from "../../trpc.ts";

/** Names of the connections to a service that a runtime knows; never their addresses. */
export const list = procedure({ role: "editor" })
  .input(z.strictObject({ service: connectionService }))
  .query(({ ctx, input: { service } }) => ctx.services.runtime.ask<"connection-list">({ kind: "connection-list", service }));
