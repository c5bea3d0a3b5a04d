import { type CheckpointManifest, ConnectorError } from "@millrace/engine";
import { z } from "zod";

const chunk = z.object({
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.int().nonnegative(),
  packed: z.int().nonnegative().optional(),
});

const manifestSchema = z.looseObject({
  formatVersion: z.literal(1),
  pipelineId: z.string(),
  checkpoint: z.int().positive(),
  fencingToken: z.int().positive(),
  createdAtMs: z.number(),
  graphHash: z.string(),
  final: z.boolean(),
  parts: z.array(z.looseObject({ kind: z.enum(["operator", "source", "staged", "rows"]), id: z.string(), chunks: z.array(chunk) })),
});

/** Reads a manifest back. Throws a `ConnectorError` when it is damaged or of a newer version; `where` names its place. */
export function parseManifest(text: string, where: string): CheckpointManifest {
  const parsed = manifestSchema.safeParse(parseJson(text));
  // Optional members of parts are not looked at here: they are written and read by the engine alone.
  if (parsed.success) return parsed.data as CheckpointManifest;
  const what = z.prettifyError(parsed.error).replaceAll("\n", " ");
  throw new ConnectorError(
    "CHECKPOINT_UNREADABLE",
    `The checkpoint manifest in ${where} cannot be read: ${what}. It is damaged, or was written by a newer version.`,
    {
      retryable: false,
    },
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
