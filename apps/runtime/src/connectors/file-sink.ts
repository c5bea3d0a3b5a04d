import { mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { ConnectorError, type Delivery, FencedError, type SinkConnector, type SinkContext, type SinkWriter } from "@millrace/engine";
import { z } from "zod";
import type { ConnectorHost } from "./connector-host.ts";
import { csvHeader } from "./csv-header.ts";
import { recordFormatOf, recordFormatOfBytes } from "./record-format.ts";

/** Name of the file that says up to which checkpoint a directory is complete. */
export const committedMarker = "_committed.json";

const partName = /^part-\d{12}\.(ndjson|csv)$/;
const temporaryName = /^\.(part-\d{12}\.(ndjson|csv)|_committed\.json)\.tmp-/;

const markerSchema = z.object({
  pipelineId: z.string(),
  sinkId: z.string(),
  checkpoint: z.int().nonnegative(),
  fencingToken: z.int().nonnegative(),
  outputs: z.enum(["durable", "ephemeral"]),
});
type Marker = z.infer<typeof markerSchema>;

/**
 * Writes each checkpoint's records as one part file `part-<checkpoint>.ndjson` or `.csv` in the directory
 * `path`. A part appears whole or not at all, and `_committed.json` names the last one, so that whoever reads
 * parts up to that number sees every record exactly once.
 */
export function createFileSink(host: ConnectorHost): SinkConnector {
  return {
    guarantee: "exactly-once",
    async open(context) {
      const directory = await host.files.locate(String(context.options.path));
      await prepareDirectory(directory, context, host.outputs);
      return new FileSinkWriter(directory, context, host.outputs === "durable" ? "durable" : "ephemeral");
    },
  };
}

class FileSinkWriter implements SinkWriter {
  readonly #directory: string;
  readonly #context: SinkContext;
  readonly #outputs: Marker["outputs"];

  constructor(directory: string, context: SinkContext, outputs: Marker["outputs"]) {
    this.#directory = directory;
    this.#context = context;
    this.#outputs = outputs;
  }

  async delivered(): Promise<number | null> {
    return (await readMarker(this.#directory))?.checkpoint ?? null;
  }

  async deliver(delivery: Delivery): Promise<void> {
    const marker = await readMarker(this.#directory);
    if (marker !== null && delivery.fencingToken < marker.fencingToken)
      throw new FencedError(delivery.fencingToken, marker.fencingToken, "sink");
    if (marker !== null && delivery.checkpoint <= marker.checkpoint) return;
    try {
      if (delivery.records > 0) await this.#writePart(delivery);
      await this.#writeMarker(delivery);
    } catch (cause) {
      throw writeFailure(this.#directory, cause);
    }
  }

  async close(): Promise<void> {}

  async #writePart(delivery: Delivery): Promise<void> {
    const format = recordFormatOf(this.#context.options.format) ?? recordFormatOfBytes(delivery.pieces?.at(0) ?? delivery.bytes);
    const extension = format === "json" ? "ndjson" : "csv";
    const header = format === "csv" ? csvHeader(this.#context) : "";
    const name = `part-${String(delivery.checkpoint).padStart(12, "0")}.${extension}`;
    await writeAtomically(this.#directory, name, [Buffer.from(header), ...(delivery.pieces ?? [delivery.bytes])], true);
  }

  /** A marker for a checkpoint without records needs no fsync: losing it loses nothing. */
  async #writeMarker(delivery: Delivery): Promise<void> {
    const marker: Marker = {
      pipelineId: this.#context.pipelineId,
      sinkId: this.#context.sinkId,
      checkpoint: delivery.checkpoint,
      fencingToken: delivery.fencingToken,
      outputs: this.#outputs,
    };
    await writeAtomically(this.#directory, committedMarker, [Buffer.from(`${JSON.stringify(marker)}\n`)], delivery.records > 0);
  }
}

async function prepareDirectory(directory: string, context: SinkContext, outputs: ConnectorHost["outputs"]): Promise<void> {
  try {
    await mkdir(directory, { recursive: true });
    const names = await readdir(directory);
    await removeAll(
      directory,
      names.filter((name) => temporaryName.test(name)),
    );
    const marker = await readMarker(directory);
    if (outputs === "overwrite" || (outputs === "ephemeral" && marker?.outputs === "ephemeral")) {
      await removeAll(
        directory,
        names.filter((name) => partName.test(name) || name === committedMarker),
      );
      return;
    }
    if (marker !== null) refuseForeign(directory, marker, context, outputs);
  } catch (cause) {
    throw writeFailure(directory, cause);
  }
}

function refuseForeign(directory: string, marker: Marker, context: SinkContext, outputs: ConnectorHost["outputs"]): void {
  if (marker.pipelineId !== context.pipelineId || marker.sinkId !== context.sinkId) {
    const owner = `sink ${marker.sinkId} of pipeline ${marker.pipelineId}`;
    const own = `sink ${context.sinkId} of pipeline ${context.pipelineId}`;
    throw new ConnectorError("FOLDER_IN_USE", `The folder ${directory} belongs to ${owner}; ${own} needs a folder of its own.`, {
      retryable: false,
    });
  }
  if (outputs === "ephemeral") {
    const what = `The folder ${directory} holds the output of a run with checkpoints, up to checkpoint ${marker.checkpoint}`;
    throw new ConnectorError("FOLDER_IN_USE", `${what}. Go on with --checkpoints, replace it with --overwrite, or name another folder.`, {
      retryable: false,
    });
  }
}

async function removeAll(directory: string, names: readonly string[]): Promise<void> {
  for (const name of names) await rm(join(directory, name), { force: true });
}

async function readMarker(directory: string): Promise<Marker | null> {
  const text = await readFile(join(directory, committedMarker), "utf8").catch((cause: unknown) => {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return null;
    throw writeFailure(directory, cause);
  });
  if (text === null) return null;
  const parsed = markerSchema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  const advice = "Restore it from a backup, or move the folder away to start anew.";
  throw new ConnectorError("MARKER_DAMAGED", `${join(directory, committedMarker)} is not readable as a marker. ${advice}`, {
    retryable: false,
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Writes to a hidden file beside the target and renames it, so that no reader ever sees half a file. */
async function writeAtomically(directory: string, name: string, pieces: readonly Uint8Array[], durable: boolean): Promise<void> {
  const temporary = join(directory, `.${name}.tmp-${process.pid}`);
  const file = await open(temporary, "w");
  try {
    for (const piece of pieces) await file.writeFile(piece);
    if (durable) await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, join(directory, name));
  if (durable) await syncDirectory(directory);
}

/** Makes renames durable; not every platform can open a directory. */
async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, "r").catch(() => null);
  await handle?.sync().catch(() => {});
  await handle?.close();
}

function writeFailure(directory: string, cause: unknown): Error {
  if (cause instanceof ConnectorError || cause instanceof FencedError) return cause;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
  const advice = code === "ENOSPC" ? "The disk is full: make room." : "Check that the folder exists and may be written.";
  return new ConnectorError("FILE_NOT_WRITABLE", `The folder ${directory} cannot be written (${code}). ${advice}`, {
    retryable: true,
    cause,
  });
}
