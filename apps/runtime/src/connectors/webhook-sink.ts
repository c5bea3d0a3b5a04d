import { createHash } from "node:crypto";
import {
  ConnectorError,
  type DeadLetter,
  type Delivery,
  FencedError,
  type ImmediateWrite,
  type SinkConnector,
  type SinkContext,
  type SinkWriter,
} from "@millrace/engine";
import { z } from "zod";
import { retryAfterMs, retryDelayMs } from "../retry-delay.ts";
import type { ConnectorHost } from "./connector-host.ts";
import { type HttpAnswer, httpPost } from "./http-post.ts";
import { secretVariable } from "./secret-from-env.ts";
import { splitRecords } from "./split-records.ts";
import { type WebhookBatch, webhookBatches } from "./webhook-batches.ts";
import { webhookSignature } from "./webhook-signature.ts";

const headerName = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}$/;
const reservedHeaders = new Set(["host", "content-length", "transfer-encoding", "cookie", "connection", "upgrade"]);

const optionsSchema = z.object({
  // The URL parser would silently leave such characters out.
  url: z.string().regex(/^[^\s\\]+$/, "white space and backslashes are not possible in it"),
  headers: z.record(z.string().regex(headerName), z.string().regex(/^[^\r\n\0]*$/)).default({}),
  secret: z.string().nullable().default(null),
  batchSize: z.int().min(1).max(10_000).default(100),
  batchBytes: z
    .int()
    .min(1)
    .max(16 << 20)
    .default(256 << 10),
  timeoutMs: z.int().min(10).max(300_000).default(10_000),
  retries: z.int().min(0).max(20).default(5),
});
type Options = z.infer<typeof optionsSchema>;

/** Where records stand: `key` is the same for every repetition of the same records. */
interface Place {
  readonly key: string;
  readonly words: string;
}

const backOff = { firstMs: 250, mostMs: 15_000 };
const longestRetryAfterMs = 60_000;

/**
 * Posts each checkpoint's records as JSON arrays. At least once: a repetition carries the same
 * `Idempotency-Key`. What the receiver refuses for good (4xx but 408 and 429, or a redirect) becomes dead
 * letters; what fails for now is retried with exponential back-off.
 */
export function createWebhookSink(host: ConnectorHost, random: () => number = Math.random): SinkConnector {
  return {
    guarantee: "at-least-once",
    async open(context) {
      const options = readOptions(context);
      const url = new URL(options.url);
      host.egress.checkUrl(url);
      return new WebhookWriter(host, context, options, url, secretOf(host, options), random);
    },
  };
}

class WebhookWriter implements SinkWriter {
  readonly #host: ConnectorHost;
  readonly #context: SinkContext;
  readonly #options: Options;
  readonly #url: URL;
  readonly #secret: string | null;
  readonly #random: () => number;
  /** What this process has posted already, so that a retried delivery goes on where it failed. */
  #progress = { checkpoint: 0, batches: 0, done: false };
  #fencingToken = 0;

  constructor(host: ConnectorHost, context: SinkContext, options: Options, url: URL, secret: string | null, random: () => number) {
    this.#host = host;
    this.#context = context;
    this.#options = options;
    this.#url = url;
    this.#secret = secret;
    this.#random = random;
  }

  async delivered(): Promise<number | null> {
    return null;
  }

  async deliver(delivery: Delivery): Promise<void> {
    const { checkpoint, fencingToken } = delivery;
    if (fencingToken < this.#fencingToken) throw new FencedError(fencingToken, this.#fencingToken, "sink");
    this.#fencingToken = fencingToken;
    if (checkpoint < this.#progress.checkpoint || (checkpoint === this.#progress.checkpoint && this.#progress.done)) return;
    if (checkpoint > this.#progress.checkpoint) this.#progress = { checkpoint, batches: 0, done: false };
    const records = splitRecords(delivery.bytes, Number.POSITIVE_INFINITY);
    for (const batch of webhookBatches(records, this.#options.batchSize, this.#options.batchBytes)) {
      if (batch.index < this.#progress.batches) continue;
      await this.#send(batch, { key: `${checkpoint}:${batch.index}`, words: `checkpoint ${checkpoint}` });
      this.#progress = { checkpoint, batches: batch.index + 1, done: false };
    }
    this.#progress = { ...this.#progress, done: true };
  }

  /** The key of a request is the hash of its body: the same records have the same key, as long as they come in the same batch. */
  async writeNow({ bytes }: ImmediateWrite): Promise<void> {
    const records = splitRecords(bytes, Number.POSITIVE_INFINITY);
    for (const batch of webhookBatches(records, this.#options.batchSize, this.#options.batchBytes)) {
      const hash = createHash("sha256").update(batch.body).digest("hex").slice(0, 32);
      await this.#send(batch, { key: hash, words: "written at once" });
    }
  }

  async close(): Promise<void> {}

  async #send(batch: WebhookBatch, place: Place): Promise<void> {
    const { clock, signal } = this.#context;
    for (let attempt = 1; ; attempt++) {
      const outcome = await this.#post(batch, place).catch((cause: unknown) => this.#noAnswer(cause));
      if (!(outcome instanceof ConnectorError)) {
        if (outcome.status >= 200 && outcome.status < 300) return;
        if (isFinal(outcome.status)) return this.#bury(batch, place, outcome);
      }
      const failure = outcome instanceof ConnectorError ? outcome : this.#refused(outcome);
      if (attempt > this.#options.retries || !failure.retryable || signal.aborted) throw failure;
      const asked = outcome instanceof ConnectorError ? null : retryAfterMs(outcome.retryAfter, clock.now(), longestRetryAfterMs);
      await clock.sleep(asked ?? retryDelayMs(attempt, backOff, this.#random()), signal);
    }
  }

  #post(batch: WebhookBatch, place: Place): Promise<HttpAnswer> {
    const { pipelineId, sinkId, clock, signal } = this.#context;
    const signature = this.#secret === null ? {} : { "millrace-signature": webhookSignature(this.#secret, clock.now(), batch.body) };
    const headers = {
      "content-type": "application/json",
      "user-agent": "Millrace",
      ...this.#options.headers,
      "idempotency-key": `${pipelineId}:${sinkId}:${place.key}`,
      ...signature,
    };
    return httpPost({ url: this.#url, headers, body: batch.body, timeoutMs: this.#options.timeoutMs, signal }, this.#host.egress);
  }

  #noAnswer(cause: unknown): ConnectorError {
    if (cause instanceof ConnectorError) return cause;
    const name = cause instanceof Error ? ("code" in cause ? String(cause.code) : cause.name) : String(cause);
    const what = name === "TimeoutError" || name === "ABORT_ERR" ? `no answer within ${this.#options.timeoutMs} ms` : name;
    return new ConnectorError("WEBHOOK_UNREACHABLE", `${this.#url.host} cannot be reached: ${what}. It is tried again.`, {
      retryable: true,
      cause,
    });
  }

  #refused(answer: HttpAnswer): ConnectorError {
    return new ConnectorError("WEBHOOK_FAILED", `${this.#url.host} answered ${answer.status}: ${answer.excerpt}`, { retryable: true });
  }

  #bury(batch: WebhookBatch, place: Place, answer: HttpAnswer): void {
    const reason = `WEBHOOK_REFUSED: ${this.#url.host} answered ${answer.status}: ${answer.excerpt}`;
    const letters = batch.records.map((record, i): DeadLetter => {
      const raw = new TextDecoder().decode(record.subarray(0, 4096));
      return { position: `${place.words}, batch ${batch.index}, record ${i}`, reason, raw };
    });
    this.#host.onDeadLetters(this.#context.sinkId, letters);
  }
}

/** A redirect is refused too: following it could lead anywhere, with the records and the signature. */
function isFinal(status: number): boolean {
  return status >= 300 && status < 500 && status !== 408 && status !== 429;
}

function readOptions(context: SinkContext): Options {
  const parsed = optionsSchema.safeParse(context.options);
  if (parsed.success && URL.canParse(parsed.data.url)) {
    const reserved = Object.keys(parsed.data.headers).find((name) => reservedHeaders.has(name.toLowerCase()));
    if (reserved === undefined) return parsed.data;
    throw invalid(`the header ${reserved} may not be set`);
  }
  throw invalid(parsed.success ? "the URL is not one" : z.prettifyError(parsed.error).replaceAll("\n", " "));
}

function invalid(what: string): ConnectorError {
  return new ConnectorError("WEBHOOK_INVALID", `The webhook is not set up right: ${what}.`, { retryable: false });
}

function secretOf(host: ConnectorHost, options: Options): string | null {
  if (options.secret === null) return null;
  const value = host.secret(options.secret);
  if (value !== null) return value;
  const what = `The webhook is to be signed with the secret "${options.secret}", which this runtime does not have.`;
  throw new ConnectorError("SECRET_MISSING", `${what} Set ${secretVariable(options.secret)}.`, { retryable: false });
}
