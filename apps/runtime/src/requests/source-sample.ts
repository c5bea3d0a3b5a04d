import type { SourceChunk, SourceConnector, SourceReader } from "@millrace/engine";
import { generatorConnectors } from "@millrace/nodes";
import type { RuntimeAnswer, RuntimeRequest } from "@millrace/protocol";
import { systemClock } from "../system-clock.ts";
import { inTime } from "./connection-request.ts";
import type { RequestContext } from "./request-context.ts";
import { RequestRefused } from "./request-refused.ts";

const mostLines = 100;
const mostCharacters = 256 << 10;
const mostProblems = 5;
const longEnoughMs = 5000;

/** Reads a few records of a source, without any pipeline. */
export async function sampleSource(
  { connector, options }: Extract<RuntimeRequest, { readonly kind: "source-sample" }>,
  { host }: RequestContext,
): Promise<RuntimeAnswer<"source-sample">> {
  const { createConnectorRegistry } = await import("../connectors/connector-registry.ts");
  const source = createConnectorRegistry(host, generatorConnectors).sources.get(connector);
  if (source === undefined) throw new RequestRefused("CONNECTOR_UNKNOWN", `This runtime has no connector "${connector}".`);
  return await inTime(readSample(source, source.sampleOptions?.(options) ?? options), "The source");
}

async function readSample(
  source: SourceConnector,
  options: Parameters<SourceConnector["open"]>[0]["options"],
): Promise<RuntimeAnswer<"source-sample">> {
  const end = new AbortController();
  const until = systemClock.monotonic() + longEnoughMs;
  let reader: SourceReader | null = null;
  const lines: string[] = [];
  const problems = new Set<string>();
  try {
    reader = await source.open({ options, fields: [], liveFields: [], position: null, clock: systemClock, signal: end.signal });
    for (let characters = 0; lines.length < mostLines && characters < mostCharacters && systemClock.monotonic() < until; ) {
      const chunk = await reader.poll();
      if (chunk.kind === "end") break;
      characters += take(chunk, lines, problems);
    }
    return { lines: lines.slice(0, mostLines), problems: [...problems].slice(0, mostProblems) };
  } finally {
    end.abort();
    await reader?.close();
  }
}

/** Takes a chunk's lines and what could not be read; how many characters that was. */
function take(chunk: SourceChunk, lines: string[], problems: Set<string>): number {
  if (chunk.kind === "batch") for (const { reason } of chunk.deadLetters) problems.add(reason);
  if (chunk.kind !== "bytes") return 0;
  let characters = 0;
  for (const line of new TextDecoder().decode(chunk.bytes).split("\n")) {
    if (line.trim() === "" || lines.length >= mostLines || characters + line.length > mostCharacters) continue;
    lines.push(line);
    characters += line.length;
  }
  return characters;
}
