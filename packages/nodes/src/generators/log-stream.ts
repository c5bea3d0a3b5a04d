import { type Column, maxBatchRows } from "@millrace/engine";
import { NumberedColumn, PoolColumn, uniqueTextColumn } from "./columns.ts";
import type { LogOptions } from "./generator-options.ts";
import type { LoadCurve } from "./load-curve.ts";
import { bitsAt, cumulative, integerAt, pick, type RandomStream, randomStream, uniformAt } from "./random.ts";
import type { RecordSet } from "./record-sequence.ts";
import type { StreamModel } from "./stream-model.ts";

/** Name, share of the requests, usual latency in ms. The busier ones, up to `auth`, can spike. */
const services = [
  ["gateway", 0.18, 12],
  ["search", 0.16, 45],
  ["catalog", 0.14, 20],
  ["cart", 0.11, 18],
  ["checkout", 0.1, 60],
  ["payments", 0.09, 120],
  ["auth", 0.08, 15],
  ["inventory", 0.06, 25],
  ["recommendations", 0.05, 80],
  ["shipping", 0.03, 90],
] as const;
const spikingServices = 7;
const hostsPerService = 3;

const levels = ["DEBUG", "INFO", "WARN", "ERROR"] as const;
const [DEBUG, INFO, WARN, ERROR] = [0, 1, 2, 3];
const debugShare = 0.12;
const warnShare = 0.04;

const statuses = [
  [200, 204, 304],
  [200, 200, 200, 201, 204],
  [400, 404, 409, 429],
  [500, 502, 503, 504],
] as const;

const messages = [
  ["cache hit", "connection reused", "query planned", "token still valid"],
  ["request served", "item read", "item stored", "page rendered", "session renewed"],
  ["slow answer from the database", "request refused: rate limit", "item not found", "cache miss for a hot item"],
  ["upstream timed out", "connection refused by the database", "unhandled exception in a handler", "out of memory, worker restarted"],
] as const;
const spikeMessages = ["connection pool exhausted", "upstream timed out after 5000 ms"] as const;
const allMessages = [...messages.flat(), ...spikeMessages];
const messageOffsets = [0, 4, 9, 13];
const spikeMessageOffset = 17;

/** A spike lasts this long, or a quarter of the time between two when that is less. */
const spikeMs = 60_000;

/**
 * Logs of ten services. A record belongs to a service in proportion to its share; its level is ERROR with
 * `errorShare`, WARN with 4 %, DEBUG with 12 %, else INFO. Latency is skewed: the usual one times
 * (0.5 + u) / sqrt(1 - 0.99 v), and three to eight seconds more for errors.
 *
 * Spikes: at (k + 1/4) * `spikeEveryMs` after the start, for k = 0, 1 …, one of the seven busiest services
 * fails for a minute. In that minute each record is turned into an error of that service with a
 * probability such that `spikeErrors` of them are expected (at most 90 % of all records).
 */
export function createLogStream(options: LogOptions, curve: LoadCurve): StreamModel {
  const { seed } = options;
  const rows = new LogRows(options, curve);
  const service = new PoolColumn(services.map(([name]) => name));
  const level = new PoolColumn(levels);
  const message = new PoolColumn(allMessages);
  const host = new NumberedColumn((n) => `${services[Math.floor(n / hostsPerService)][0]}-${(n % hostsPerService) + 1}`);
  const numbers = { status: new Float64Array(maxBatchRows), latency: new Float64Array(maxBatchRows) };
  const random = {
    host: randomStream(seed, "log host"),
    status: randomStream(seed, "log status"),
    base: randomStream(seed, "log latency"),
    tail: randomStream(seed, "log latency tail"),
    message: randomStream(seed, "log message"),
    trace: randomStream(seed, "log trace"),
    traceEnd: randomStream(seed, "log trace end"),
  };
  return {
    prepare: (records) => rows.fill(records),
    columns: [
      ({ length }) => {
        for (let i = 0; i < length; i++) service.ids[i] = rows.service[i];
        return service.column();
      },
      ({ length, index }) => {
        host.begin();
        for (let i = 0; i < length; i++) host.set(i, rows.service[i] * hostsPerService + integerAt(random.host, index[i], hostsPerService));
        return host.column();
      },
      ({ length }) => {
        for (let i = 0; i < length; i++) level.ids[i] = rows.level[i];
        return level.column();
      },
      ({ length, index }) => {
        for (let i = 0; i < length; i++) {
          const choices: readonly number[] = statuses[rows.level[i]];
          numbers.status[i] = choices[integerAt(random.status, index[i], choices.length)];
        }
        return numberColumn(numbers.status);
      },
      ({ length, index }) => {
        for (let i = 0; i < length; i++) {
          const u = uniformAt(random.base, index[i]);
          const skewed = (services[rows.service[i]][2] * (0.5 + u)) / Math.sqrt(1 - 0.99 * uniformAt(random.tail, index[i]));
          const failing = rows.level[i] === ERROR ? 3000 + 5000 * u : 0;
          numbers.latency[i] = Math.round((skewed + failing) * 10) / 10;
        }
        return numberColumn(numbers.latency);
      },
      ({ length, index }) => {
        for (let i = 0; i < length; i++) {
          const spike = rows.spike[i] === 1;
          const count = spike ? spikeMessages.length : messages[rows.level[i]].length;
          const offset = spike ? spikeMessageOffset : messageOffsets[rows.level[i]];
          message.ids[i] = offset + integerAt(random.message, index[i], count);
        }
        return message.column();
      },
      ({ length, index }) => uniqueTextColumn(length, (i) => hex(bitsAt(random.trace, index[i])) + hex(bitsAt(random.traceEnd, index[i]))),
    ],
  };
}

/** Service, level and spike of each row. */
class LogRows {
  readonly service = new Uint8Array(maxBatchRows);
  readonly level = new Uint8Array(maxBatchRows);
  readonly spike = new Uint8Array(maxBatchRows);
  readonly #options: LogOptions;
  readonly #curve: LoadCurve;
  readonly #bounds = cumulative(services.map(([, share]) => share));
  readonly #service: RandomStream;
  readonly #level: RandomStream;
  readonly #spike: RandomStream;
  readonly #victim: RandomStream;

  constructor(options: LogOptions, curve: LoadCurve) {
    this.#options = options;
    this.#curve = curve;
    this.#service = randomStream(options.seed, "log service");
    this.#level = randomStream(options.seed, "log level");
    this.#spike = randomStream(options.seed, "log spike");
    this.#victim = randomStream(options.seed, "log victim");
  }

  fill(records: RecordSet): void {
    for (let i = 0; i < records.length; i++) {
      const index = records.index[i];
      const victim = this.#victimOf(index, records.arrivalMs[i]);
      this.spike[i] = victim < 0 ? 0 : 1;
      this.service[i] = victim < 0 ? pick(this.#bounds, uniformAt(this.#service, index)) : victim;
      this.level[i] = victim < 0 ? this.#levelOf(index) : ERROR;
    }
  }

  /** The service of whose spike this record is part, or -1. */
  #victimOf(index: number, atMs: number): number {
    const { spikeEveryMs, spikeErrors } = this.#options;
    if (spikeEveryMs === null) return -1;
    const sinceFirst = atMs - spikeEveryMs / 4;
    if (sinceFirst < 0) return -1;
    const number = Math.floor(sinceFirst / spikeEveryMs);
    const lengthMs = Math.min(spikeMs, spikeEveryMs / 4);
    if (sinceFirst - number * spikeEveryMs >= lengthMs) return -1;
    const probability = Math.min(0.9, spikeErrors / (this.#curve.ratePerMs(atMs) * lengthMs));
    return uniformAt(this.#spike, index) < probability ? integerAt(this.#victim, number, spikingServices) : -1;
  }

  #levelOf(index: number): number {
    const u = uniformAt(this.#level, index);
    const { errorShare } = this.#options;
    if (u < errorShare) return ERROR;
    const rest = (u - errorShare) / (1 - errorShare);
    if (rest < warnShare) return WARN;
    return rest < warnShare + debugShare ? DEBUG : INFO;
  }
}

function numberColumn(values: Float64Array): Column {
  return { kind: "number", values, valid: null };
}

function hex(bits: number): string {
  return bits.toString(16).padStart(8, "0");
}
