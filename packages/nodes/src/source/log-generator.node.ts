import { defineNode, param } from "@millrace/engine";
import { checkStart, generatorHeadline, generatorParams, lowerGenerator } from "./generator-params.ts";
import { sourceOutputs } from "./source-outputs.ts";

export const logGenerator = defineNode({
  type: "log-generator",
  version: 1,
  category: "source",
  label: "Log generator",
  summary: "Makes a lifelike stream of service logs with error spikes.",
  docs: `Makes log records of ten services of a shop: \`timestamp\`, \`service\`, \`host\`, \`level\` (DEBUG, INFO, WARN, ERROR), \`status\`, \`latency_ms\`, \`message\` and \`trace_id\`. The load swings over an hour as it does over a day elsewhere, and about one request in a hundred fails.

**Spikes.** Every *Spike every* one of the busier services fails for a minute and logs about *Errors per spike* errors more than usual. The first spike comes after a quarter of that time. With the defaults it stands out clearly: over 100 errors in five minutes for the failing service, fewer than 50 for every other one.

**Time.** Event time starts at the moment of the deployment and runs at the given speed: at 60× a five-minute window closes every five seconds. After a restart the stream goes on with the very next record, and the same seed always makes the same records.

**Disorder.** Records come up to *Out of order by at most* late and are still on time, because the watermark waits for them. Add *late records* to see the late ports at work, *duplicates* and *malformed records* to see what those do.

**Pitfall.** At a speed above 1×, event time runs ahead of the clock. That is fine for trying things out; compare nothing with the present time.`,
  icon: "scroll-text",
  inputs: [],
  outputs: sourceOutputs,
  params: param
    .params({
      spikeEvery: param.duration({ label: "Spike every", default: "30m", minMs: 120_000, maxMs: 31 * 86_400_000 }),
      spikeErrors: param.number({ label: "Errors per spike", default: 240, min: 1, max: 1_000_000 }),
      errorShare: param.number({ label: "Usual share of errors", default: 0.01, min: 0, max: 0.9, advanced: true }),
      ...generatorParams({ ratePerSecond: 30, disorder: "5s" }),
    })
    .superRefine(checkStart),
  headline: generatorHeadline,
  lower: ({ params }) =>
    lowerGenerator("logs", params, { spikeEveryMs: params.spikeEvery, spikeErrors: params.spikeErrors, errorShare: params.errorShare }),
  examples: [
    {
      title: "The first two records of a seed are always the same",
      params: {
        pace: { mode: "fast" },
        range: { start: "2026-01-01T00:00:00Z", count: 2 },
        disturbances: { disorder: "0s" },
      },
      feed: {},
      expect: {
        out: [
          {
            timestamp: 1_767_225_600_001,
            service: "inventory",
            host: "inventory-2",
            level: "INFO",
            status: 200,
            latency_ms: 59.4,
            message: "item read",
            trace_id: "d3c1cebf256c6529",
          },
          {
            timestamp: 1_767_225_600_035,
            service: "search",
            host: "search-2",
            level: "DEBUG",
            status: 200,
            latency_ms: 135.4,
            message: "cache hit",
            trace_id: "cae346912b61d886",
          },
        ],
        dead_letter: [],
      },
    },
  ],
});
