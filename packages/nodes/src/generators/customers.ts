import { cumulative, integerAt, pick, type RandomStream, randomStream, uniformAt } from "./random.ts";

export const tiers = ["new", "standard", "gold"] as const;
export const tierBounds = cumulative([0.1, 0.68, 0.22]);

export const countries = ["DE", "FR", "GB", "US", "PL", "ES", "IT", "NL", "SE", "JP", "BR", "IN"] as const;
const homeBounds = cumulative([22, 16, 15, 14, 9, 7, 6, 4, 3, 2, 1, 1]);

/** The text of customer `number` in every stream. */
export function customerId(number: number): string {
  return `c-${number + 1}`;
}

/** What is true of a customer under one seed, for payments and CRM alike. */
export class Customers {
  readonly count: number;
  readonly #usual: RandomStream;
  readonly #home: RandomStream;
  readonly #tier: RandomStream;

  constructor(seed: number, count: number) {
    this.count = count;
    this.#usual = randomStream(seed, "customer usual");
    this.#home = randomStream(seed, "customer home");
    this.#tier = randomStream(seed, "customer tier");
  }

  /** The usual amount of a payment, 8 to 158, small ones more likely. */
  usualAmount(customer: number): number {
    const u = uniformAt(this.#usual, customer);
    return toCents(8 + 150 * u * u);
  }

  /** Index into `countries`. */
  home(customer: number): number {
    return pick(homeBounds, uniformAt(this.#home, customer));
  }

  /** Index into `tiers`: the first tier. */
  tier(customer: number): number {
    return pick(tierBounds, uniformAt(this.#tier, customer));
  }

  /** The customer that `stream` names at `index`; all are equally likely. */
  at(stream: RandomStream, index: number): number {
    return integerAt(stream, index, this.count);
  }
}

/** An amount of money rounded to cents. */
export function toCents(amount: number): number {
  return Math.round(amount * 100) / 100;
}
