import { createRecordingHost, type FetchedRecords, type KafkaReader, openKafkajs } from "@millrace/runtime/kafka";
import { bareClient, partitions } from "./cluster.ts";
import { lineOf } from "./lines.ts";

/** What the parent sends, one at a time. */
export interface ProbeRequest {
  readonly brokers: string;
  readonly from: string;
  readonly to: string;
  readonly perSecond: number;
  readonly records: number;
  /** So many of the first records are sent but not counted: everything warms up. */
  readonly ignored: number;
}

/** Milliseconds from handing a record to the client until it comes out of the topic behind; or why no figure counts. */
export type ProbeAnswer =
  | { readonly kind: "done"; readonly p50: number; readonly p99: number }
  | { readonly kind: "wrong"; readonly reason: string };

const tickMs = 5;
/** Where the probe was held up, what is due goes in several requests: a broker takes a megabyte at a time. */
const mostPerSend = 2000;
const patienceMs = 30_000;
const mostWaitMs = 500;

/**
 * Writes records at a steady pace into one topic and reads them from another, in a process of its own, and measures how long
 * they take. It reads with the product's own reader, not with the bare client, which takes 100 ms and more to decode what a
 * second's commit brings at once: that would be its own time.
 */
async function probe(request: ProbeRequest): Promise<ProbeAnswer> {
  const { brokers, to, records, ignored } = request;
  const driver = openKafkajs(createRecordingHost("/", { secret: () => `kafka://${brokers}` }), "cluster");
  const sentAt = new Float64Array(records);
  const tookMs = new Float64Array(records).fill(-1);
  let seen = 0;
  let wrong: string | null = null;
  const all = Promise.withResolvers<void>();
  const take = ({ records: fetched }: FetchedRecords, now: number): void => {
    for (const { value } of fetched) {
      const line = Buffer.from(value ?? []).toString();
      const id = Number(/^\{"id":(\d+),/.exec(line)?.[1]);
      if (!(id < records) || line !== lineOf(id)) wrong ??= `a row that was not written: ${line}`;
      else if (tookMs[id] >= 0) wrong ??= `a row twice: ${line}`;
      else tookMs[id] = now - sentAt[id];
      seen++;
    }
    if (seen >= records) all.resolve();
  };
  const reader = await driver.openReader({ readCommitted: true });
  reader.assign(Array.from({ length: partitions }, (_, partition) => ({ topic: to, partition, offset: 0 })));
  const reading = readUntil(reader, take, all.promise);
  await send(request, sentAt);
  const patience = setTimeout(() => all.resolve(), patienceMs);
  await all.promise;
  clearTimeout(patience);
  await reading;
  await Promise.all([reader.close(), driver.close()]);
  if (seen !== records) wrong ??= `${seen} rows of ${records}`;
  if (wrong !== null) return { kind: "wrong", reason: wrong };
  const sorted = tookMs.slice(ignored).sort();
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  return { kind: "done", p50: at(0.5), p99: at(0.99) };
}

/** `take` is told when each came. */
async function readUntil(reader: KafkaReader, take: (fetched: FetchedRecords, now: number) => void, end: Promise<void>): Promise<void> {
  let ended = false;
  void end.then(() => {
    ended = true;
  });
  while (!ended) {
    const answer = await reader.fetch(mostWaitMs);
    const now = performance.now();
    for (const fetched of answer) take(fetched, now);
  }
}

async function send({ brokers, from, perSecond, records }: ProbeRequest, sentAt: Float64Array): Promise<void> {
  const producer = bareClient(brokers).producer({ allowAutoTopicCreation: false });
  await producer.connect();
  const since = performance.now();
  const sending: Promise<unknown>[] = [];
  for (let next = 0; next < records; ) {
    const due = Math.min(records, next + mostPerSend, Math.ceil(((performance.now() - since) / 1000) * perSecond));
    const first = next;
    const messages = Array.from({ length: due - first }, (_, i) => ({ value: lineOf(first + i) }));
    const now = performance.now();
    for (; next < due; next++) sentAt[next] = now;
    if (messages.length > 0) sending.push(producer.send({ topic: from, messages, acks: -1 }));
    await new Promise((resolve) => setTimeout(resolve, tickMs));
  }
  await Promise.all(sending);
  await producer.disconnect();
}

process.on("message", (request: ProbeRequest) => {
  void probe(request)
    .catch((cause: unknown): ProbeAnswer => ({ kind: "wrong", reason: String(cause) }))
    .then((answer) => process.send?.(answer));
});
process.once("disconnect", () => process.exit(0));
