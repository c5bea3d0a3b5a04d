import { defineNode, param } from "@millrace/engine";
import { jsonSink, sinkInputs } from "./sink-input.ts";

export const webhookSink = defineNode({
  type: "webhook-sink",
  version: 1,
  category: "sink",
  label: "Webhook",
  summary: "Sends records to an HTTP address, in batches.",
  delivery: { exactlyOnce: false, immediate: true },
  docs: `Posts records as a JSON array to an address of yours: an incident tool, a chat, another service.

**Delivery.** At least once. Records are sent when the checkpoint that holds them is committed, about once a second, and again after a failure or a crash. Every request carries an \`Idempotency-Key\` that is the same for the same records, so that a receiver that remembers it sees each record once.

**Failures.** A refused connection, a timeout, 408, 429 and every 5xx answer are tried again, with growing pauses or after the time that the receiver asks for; until it answers, the node shows the problem and nothing is lost. Any other answer of 300 to 499 means that the receiver will never take these records: they go to the dead letters. Redirects are not followed.

**Secret.** Choose a secret by its name. It signs every request: the header \`Millrace-Signature: t=<ms>,v1=<hex>\` holds the time and the HMAC-SHA256 of \`<ms>.<body>\`, which the receiver computes with the same secret and compares. The secret itself is never sent and is never part of the pipeline.

**Pitfall.** A receiver that is slower than the stream holds the whole pipeline back. Aggregate or filter before a webhook: it is made for alerts and results, not for raw events.`,
  icon: "webhook",
  inputs: sinkInputs,
  outputs: [],
  params: param.params({
    url: param.url({ label: "Address", help: "http or https, without user name and password." }),
    secret: param.secret({ label: "Secret", help: "Signs every request, so that the receiver can check where it comes from." }),
    headers: param.headers({ label: "Headers", default: {}, advanced: true }),
    batchSize: param.number({
      label: "Records per request",
      default: 100,
      min: 1,
      max: 10_000,
      integer: true,
      advanced: true,
      help: "At most; a request is sent for fewer when no more came.",
    }),
    timeout: param.duration({ label: "Timeout", default: "10s", minMs: 100, maxMs: 120_000, advanced: true }),
    retries: param.number({
      label: "Retries",
      default: 5,
      min: 0,
      max: 20,
      integer: true,
      advanced: true,
      help: "Before the node shows a problem; it is tried further all the same.",
    }),
  }),
  headline: (params) => new URL(params.url).host,
  lower: ({ params, inputs }) =>
    jsonSink(
      "webhook",
      {
        url: params.url,
        headers: params.headers,
        secret: params.secret,
        batchSize: params.batchSize,
        timeoutMs: params.timeout,
        retries: params.retries,
      },
      inputs.in,
    ),
  examples: [
    {
      title: "Records go out as they are",
      params: { url: "https://hooks.example.com/alerts" },
      feed: { in: [{ service: "cart", errors: 120 }] },
      expect: { sink: [{ service: "cart", errors: 120 }] },
    },
  ],
});
