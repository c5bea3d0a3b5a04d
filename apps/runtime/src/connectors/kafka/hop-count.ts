import type { Clock } from "@millrace/engine";
import type { ConnectorHost } from "../connector-host.ts";
import type { KafkaRecord } from "./kafka-driver.ts";

/** Header that says through how many pipelines a record has come. */
export const hopHeader = "millrace-hops";

/** A record that has come through so many pipelines is going round. */
export const mostHops = 16;

/** How long what was read counts for what is written: one to two of these. */
const periodMs = 60_000;

/**
 * Through how many pipelines what this one reads from Kafka has come: the most of the last minute or two. What it writes
 * there has come through one more. Records lose themselves in windows and joins, so this is of the pipeline, not of a record:
 * a loop over several pipelines counts up with every round, whatever is made of the records on the way.
 */
export class HopCount {
  readonly #clock: Clock;
  #current = -1;
  #before = -1;
  #since: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#since = clock.monotonic();
  }

  /** A record with so many hops was read. */
  note(hops: number): void {
    this.#turn();
    if (hops > this.#current) this.#current = hops;
  }

  /** Headers for what is written; none where nothing was read from Kafka. The same object as long as they stay the same. */
  headers(): Readonly<Record<string, string>> {
    this.#turn();
    const hops = Math.max(this.#current, this.#before);
    return hops < 0 ? noHeaders : stamps[Math.min(hops + 1, mostHops)];
  }

  #turn(): void {
    const now = this.#clock.monotonic();
    if (now - this.#since < periodMs) return;
    this.#before = now - this.#since < 2 * periodMs ? this.#current : -1;
    this.#current = -1;
    this.#since = now;
  }
}

const noHeaders: Readonly<Record<string, string>> = {};
const stamps: readonly Readonly<Record<string, string>>[] = Array.from({ length: mostHops + 1 }, (_, hops) => ({ [hopHeader]: `${hops}` }));

const counts = new WeakMap<ConnectorHost, HopCount>();

/** The count that sources and sinks of one host share. */
export function hopCountOf(host: ConnectorHost, clock: Clock): HopCount {
  const known = counts.get(host);
  if (known !== undefined) return known;
  const made = new HopCount(clock);
  counts.set(host, made);
  return made;
}

/** Through how many pipelines a record has come; 0 when its header says nothing. */
export function hopsOf({ headers }: KafkaRecord): number {
  if (headers.length === 0) return 0;
  const value = headers.find(([name]) => name === hopHeader)?.[1];
  const hops = value === undefined ? 0 : Number(Buffer.from(value).toString("latin1"));
  return Number.isSafeInteger(hops) && hops > 0 ? hops : 0;
}
