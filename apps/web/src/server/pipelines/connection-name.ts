import { z } from "zod";

/** The name of a connection, as pipelines have it. */
export const connectionName = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{0,62}$/, "a connection is named by small letters, digits, _ and -, beginning with a letter");
