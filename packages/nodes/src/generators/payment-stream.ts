import { type Column, maxBatchRows } from "@millrace/engine";
import { NumberedColumn, PoolColumn, uniqueTextColumn } from "./columns.ts";
import { Customers, countries, customerId, toCents } from "./customers.ts";
import type { PaymentOptions } from "./generator-options.ts";
import type { LoadCurve } from "./load-curve.ts";
import { integerAt, type RandomStream, randomStream, uniformAt } from "./random.ts";
import type { RecordSet } from "./record-sequence.ts";
import type { StreamModel } from "./stream-model.ts";

const merchants = [
  "Amber Grocers",
  "Birch Books",
  "Cedar Coffee",
  "Delta Fuel",
  "Elm Electronics",
  "Fern Pharmacy",
  "Garnet Games",
  "Harbor Hotels",
  "Iris Fashion",
  "Juniper Travel",
  "Kite Sports",
  "Lumen Lighting",
  "Maple Market",
  "North Rail",
  "Opal Jewellers",
  "Pine Furniture",
  "Quartz Phones",
  "River Streaming",
  "Sage Garden",
  "Tidal Tickets",
] as const;
const statuses = ["approved", "declined"] as const;
const [APPROVED, DECLINED] = [0, 1];
const declinedShare = 0.04;
const abroadShare = 0.03;

/** A burst: so many small payments, then a large one, with so many seconds between two. */
const smallPayments = 6;
const burstStepSeconds = 8;
const smallDeclinedShare = 0.5;
/** Marks a row that is no part of a burst. */
const ordinary = -1;

/**
 * Card payments of customers who are all equally busy. An amount is the customer's usual one times
 * (0.4 + 0.8 u) / sqrt(1 - 0.9 v): mostly near it, above three times of it in about one of a hundred
 * payments. 3 % are made abroad, 4 % are declined.
 *
 * Card testing: at (k + 1/4) * `burstEveryMs` after the start, for k = 0, 1 …, a customer's card is tried
 * with six payments of 0.50 to 4.99, about 8 s apart and half of them declined, and then used for one of
 * 600 to 2,500, all from one country that is not the customer's. They stand at every n-th index from
 * the burst's first on, so that the whole burst is a function of the seed and k.
 */
export function createPaymentStream(options: PaymentOptions, curve: LoadCurve): StreamModel {
  const { seed } = options;
  const customers = new Customers(seed, options.customers);
  const rows = new PaymentRows(options, customers, curve);
  const customer = new NumberedColumn(customerId);
  const card = new NumberedColumn((n) => `card-${n + 1}`);
  const merchant = new PoolColumn(merchants);
  const country = new PoolColumn(countries);
  const status = new PoolColumn(statuses);
  const amounts = new Float64Array(maxBatchRows);
  const random = {
    merchant: randomStream(seed, "payment merchant"),
    abroad: randomStream(seed, "payment abroad"),
    where: randomStream(seed, "payment where"),
    base: randomStream(seed, "payment amount"),
    tail: randomStream(seed, "payment amount tail"),
    declined: randomStream(seed, "payment declined"),
  };
  const elsewhere = (stream: RandomStream, at: number, home: number) =>
    (home + 1 + integerAt(stream, at, countries.length - 1)) % countries.length;
  const amountOf = (row: number, index: number) => {
    const u = uniformAt(random.base, index);
    const step = rows.step[row];
    if (step !== ordinary) return step < smallPayments ? 0.5 + 4.49 * u : 600 + 1900 * u;
    return (customers.usualAmount(rows.customer[row]) * (0.4 + 0.8 * u)) / Math.sqrt(1 - 0.9 * uniformAt(random.tail, index));
  };
  const declinedShareOf = (step: number) => (step === ordinary ? declinedShare : step < smallPayments ? smallDeclinedShare : 0);
  return {
    prepare: (records) => rows.fill(records),
    columns: [
      ({ length, index }) => uniqueTextColumn(length, (i) => `t-${index[i] + 1}`),
      ({ length }) => numbered(customer, rows.customer, length),
      ({ length }) => numbered(card, rows.customer, length),
      ({ length, index }) => {
        for (let i = 0; i < length; i++) amounts[i] = toCents(amountOf(i, index[i]));
        return { kind: "number", values: amounts, valid: null };
      },
      ({ length, index }) => {
        for (let i = 0; i < length; i++) merchant.ids[i] = integerAt(random.merchant, index[i], merchants.length);
        return merchant.column();
      },
      ({ length, index }) => {
        for (let i = 0; i < length; i++) {
          const home = customers.home(rows.customer[i]);
          if (rows.step[i] !== ordinary) country.ids[i] = elsewhere(random.where, -1 - rows.burst[i], home);
          else country.ids[i] = uniformAt(random.abroad, index[i]) < abroadShare ? elsewhere(random.where, index[i], home) : home;
        }
        return country.column();
      },
      ({ length, index }) => {
        for (let i = 0; i < length; i++) {
          status.ids[i] = uniformAt(random.declined, index[i]) < declinedShareOf(rows.step[i]) ? DECLINED : APPROVED;
        }
        return status.column();
      },
    ],
  };
}

function numbered(column: NumberedColumn, numbers: Int32Array, length: number): Column {
  column.begin();
  for (let i = 0; i < length; i++) column.set(i, numbers[i]);
  return column.column();
}

/** Customer of each row, and its place in a burst. */
class PaymentRows {
  readonly customer = new Int32Array(maxBatchRows);
  /** 0 to 6 within a burst, else `ordinary`. */
  readonly step = new Int8Array(maxBatchRows);
  readonly burst = new Float64Array(maxBatchRows);
  readonly #options: PaymentOptions;
  readonly #customers: Customers;
  readonly #curve: LoadCurve;
  readonly #who: RandomStream;
  readonly #victim: RandomStream;
  readonly #stride: number;
  #burst = -1;
  #burstIndex = 0;

  constructor(options: PaymentOptions, customers: Customers, curve: LoadCurve) {
    this.#options = options;
    this.#customers = customers;
    this.#curve = curve;
    this.#who = randomStream(options.seed, "payment customer");
    this.#victim = randomStream(options.seed, "payment victim");
    this.#stride = Math.max(1, Math.round(options.ratePerSecond * burstStepSeconds));
  }

  fill({ length, index, arrivalMs }: RecordSet): void {
    for (let i = 0; i < length; i++) {
      const step = this.#stepOf(index[i], arrivalMs[i]);
      this.step[i] = step;
      this.burst[i] = this.#burst;
      this.customer[i] = step === ordinary ? this.#customers.at(this.#who, index[i]) : this.#customers.at(this.#victim, this.#burst);
    }
  }

  #stepOf(index: number, atMs: number): number {
    const { burstEveryMs } = this.#options;
    if (burstEveryMs === null) return ordinary;
    const number = Math.floor(atMs / burstEveryMs - 0.25);
    if (number < 0) return ordinary;
    if (number !== this.#burst) {
      this.#burst = number;
      // One later than the first, whose own arrival may be a little before the burst's time.
      this.#burstIndex = this.#curve.firstIndexAt((number + 0.25) * burstEveryMs) + 1;
    }
    const since = index - this.#burstIndex;
    const step = since / this.#stride;
    return since >= 0 && step <= smallPayments && Number.isInteger(step) ? step : ordinary;
  }
}
