import type { JsonObject, JsonValue } from "@millrace/engine";
import type { RandomCase } from "./random-case.ts";
import type { FeedEvent } from "./random-feed.ts";

const mostTries = 400;

interface Pipeline {
  readonly id: string;
  readonly name: string;
  readonly nodes: Readonly<Record<string, JsonObject>>;
  readonly edges: readonly { readonly from: string; readonly to: string }[];
}

/** A smaller case for which `fails` holds as well: without nodes and records that do not matter. The seed stays. */
export async function shrinkCase(of: RandomCase, fails: (candidate: RandomCase) => Promise<boolean>): Promise<RandomCase> {
  let smallest = of;
  let tries = 0;
  for (let found = true; found && tries < mostTries; ) {
    found = false;
    for (const candidate of smaller(smallest)) {
      if (++tries > mostTries) break;
      if (!(await fails(candidate))) continue;
      smallest = candidate;
      found = true;
      break;
    }
  }
  return smallest;
}

/** Cases that are a bit smaller, the much smaller ones first. */
function* smaller(of: RandomCase): Generator<RandomCase> {
  const pipeline = pipelineOf(of.document);
  for (const slug of Object.keys(pipeline.nodes)) {
    const left = without(pipeline, slug);
    if (left !== null) yield { ...of, document: { formatVersion: 1, pipeline: left as unknown as JsonObject } };
  }
  for (const [path, events] of Object.entries(of.feeds)) {
    for (let size = Math.ceil(events.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
      for (let from = 0; from < events.length; from += size) {
        const fewer: readonly FeedEvent[] = [...events.slice(0, from), ...events.slice(from + size)];
        yield { ...of, feeds: { ...of.feeds, [path]: fewer } };
      }
    }
  }
}

/** Generated documents have this shape. */
function pipelineOf(document: JsonValue): Pipeline {
  return (document as unknown as { readonly pipeline: Pipeline }).pipeline;
}

/** The pipeline without a node that nothing reads; null when something does, or nothing would be left. */
function without(pipeline: Pipeline, slug: string): Pipeline | null {
  const isOf = (ref: string): boolean => ref.startsWith(`${slug}.`);
  if (pipeline.edges.some(({ from }) => isOf(from))) return null;
  const nodes = Object.fromEntries(Object.entries(pipeline.nodes).filter(([other]) => other !== slug));
  if (!Object.values(nodes).some(({ type }) => type === "file-sink")) return null;
  return { ...pipeline, nodes, edges: pipeline.edges.filter(({ to }) => !isOf(to)) };
}
