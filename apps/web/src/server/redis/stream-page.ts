import { z } from "zod";

/** Which part of a capped stream is asked for: the newest `limit`, or those before an id. */
export const streamPage = {
  limit: z.int().min(1).max(500).default(100),
  before: z
    .string()
    .regex(/^\d{1,16}-\d{1,16}$/)
    .nullish()
    .transform((id) => id ?? null),
};
