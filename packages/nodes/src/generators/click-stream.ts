import { maxBatchRows } from "@millrace/engine";
import { NumberedColumn, PoolColumn } from "./columns.ts";
import type { ClickOptions } from "./generator-options.ts";
import { bitsAt, cumulative, integerAt, pick, type RandomStream, randomStream, uniformAt } from "./random.ts";
import type { RecordSet } from "./record-sequence.ts";
import type { StreamModel } from "./stream-model.ts";

/** Mean time between two clicks of one visit. */
const thinkSeconds = 20;
/** Clicks of a place are dealt out to visits in rows of this many. */
const rowClicks = 32;
const visitsPerRow = 4;
/** Visitors that take turns at one place. */
const visitorsPerPlace = 32;

const productPages = 40;
const pages = ["/", "/search", "/cart", "/checkout", "/thanks", ...Array.from({ length: productPages }, (_, i) => `/product/${i + 1}`)];
const [home, search, cart, checkout, thanks, firstProduct] = [0, 1, 2, 3, 4, 5];
const actions = ["view", "search", "add_to_cart", "checkout", "purchase"] as const;
const [VIEW, SEARCH, ADD, CHECKOUT, PURCHASE] = [0, 1, 2, 3, 4];
const devices = ["mobile", "desktop", "tablet"] as const;
const deviceBounds = cumulative([0.56, 0.38, 0.06]);

/** Share of the visitors who take part in the experiment, half of them in each group. */
const exposedShare = 0.6;
const variants = ["control", "treatment"] as const;
/** How likely a visit of at least four clicks ends in a purchase, by group. */
const buyShare = [0.12, 0.2] as const;

/**
 * Clicks of visitors. As many visits are under way at once as the rate and a pause of 20 s between clicks
 * demand; each is at a *place*. The clicks are dealt out in rounds, one to each place, in an order of its
 * own for each round, so that the pauses of a visit are between 0 and 40 s at the mean load. Of the clicks
 * of a place, every 32 make up to four visits, cut at random with short ones more likely. 32 visitors take
 * turns at a place, so that at least 225 rounds, that is 39 minutes even at the highest load, lie between
 * two visits of one visitor.
 *
 * 60 % of the visitors see the experiment `one_page_checkout`, half of them the treatment, who buy more often.
 */
export function createClickStream(options: ClickOptions): StreamModel {
  const { seed } = options;
  const rows = new ClickRows(options);
  const user = new NumberedColumn((n) => `u-${n + 1}`);
  const page = new PoolColumn(pages);
  const action = new PoolColumn(actions);
  const device = new PoolColumn(devices);
  const feature = new PoolColumn(["one_page_checkout"]);
  const variant = new PoolColumn(variants);
  const deviceStream = randomStream(seed, "click device");
  return {
    prepare: (records) => rows.fill(records),
    columns: [
      ({ length }) => {
        user.begin();
        for (let i = 0; i < length; i++) user.set(i, rows.user[i]);
        return user.column();
      },
      ({ length }) => {
        for (let i = 0; i < length; i++) page.ids[i] = rows.page[i];
        return page.column();
      },
      ({ length }) => {
        for (let i = 0; i < length; i++) action.ids[i] = rows.action[i];
        return action.column();
      },
      ({ length }) => {
        for (let i = 0; i < length; i++) device.ids[i] = pick(deviceBounds, uniformAt(deviceStream, rows.user[i]));
        return device.column();
      },
      () => feature.column(rows.exposed),
      ({ length }) => {
        for (let i = 0; i < length; i++) variant.ids[i] = rows.variant[i];
        return variant.column(rows.exposed);
      },
    ],
  };
}

/** One click within its visit. */
interface Visit {
  /** Counts the visits of the place. */
  number: number;
  /** Clicks before this one, and all clicks. */
  step: number;
  clicks: number;
}

class ClickRows {
  readonly user = new Int32Array(maxBatchRows);
  readonly page = new Int32Array(maxBatchRows);
  readonly action = new Int32Array(maxBatchRows);
  /** Validity of the columns `feature` and `variant`. */
  readonly exposed = new Uint8Array(maxBatchRows);
  readonly variant = new Uint8Array(maxBatchRows);
  readonly #places: number;
  readonly #order: RandomStream;
  readonly #shift: RandomStream;
  readonly #cuts: RandomStream;
  readonly #group: RandomStream;
  readonly #buy: RandomStream;
  readonly #look: RandomStream;
  readonly #product: RandomStream;
  readonly #visit: Visit = { number: 0, step: 0, clicks: 0 };
  readonly #ends = new Float64Array(visitsPerRow);

  constructor(options: ClickOptions) {
    this.#places = primeFrom(Math.max(2, Math.round(options.ratePerSecond * thinkSeconds)));
    this.#order = randomStream(options.seed, "click order");
    this.#shift = randomStream(options.seed, "click shift");
    this.#cuts = randomStream(options.seed, "click cuts");
    this.#group = randomStream(options.seed, "click group");
    this.#buy = randomStream(options.seed, "click buy");
    this.#look = randomStream(options.seed, "click look");
    this.#product = randomStream(options.seed, "click product");
  }

  fill({ length, index }: RecordSet): void {
    const visit = this.#visit;
    for (let i = 0; i < length; i++) {
      const round = Math.floor(index[i] / this.#places);
      const place = this.#placeOf(round, index[i] - round * this.#places);
      this.#findVisit(place, round);
      const user = place * visitorsPerPlace + (visit.number % visitorsPerPlace);
      const group = uniformAt(this.#group, user) / exposedShare;
      this.user[i] = user;
      this.exposed[i] = group < 1 ? 1 : 0;
      this.variant[i] = group < 0.5 ? 0 : 1;
      this.action[i] = this.#actionOf(index[i], place, group < 0.5 || group >= 1 ? buyShare[0] : buyShare[1]);
      this.page[i] = this.#pageOf(index[i], this.action[i]);
    }
  }

  /** Position `position` of round `round`: the places in steps of a number without a common divisor, from a place on. */
  #placeOf(round: number, position: number): number {
    const bits = bitsAt(this.#order, round);
    const step = 1 + (bits % (this.#places - 1));
    return (position * step + Math.floor(bits / 7)) % this.#places;
  }

  #findVisit(place: number, round: number): void {
    const clicks = round + integerAt(this.#shift, place, rowClicks);
    const row = Math.floor(clicks / rowClicks);
    const at = clicks - row * rowClicks;
    const ends = this.#ends;
    for (let k = 0; k < visitsPerRow - 1; k++) {
      const u = uniformAt(this.#cuts, (row * this.#places + place) * visitsPerRow + k);
      ends[k] = Math.floor(u * u * rowClicks);
    }
    ends[visitsPerRow - 1] = rowClicks;
    ends.sort();
    let visit = 0;
    while (ends[visit] <= at) visit++;
    const begin = visit === 0 ? 0 : ends[visit - 1];
    this.#visit.number = row * visitsPerRow + visit;
    this.#visit.step = at - begin;
    this.#visit.clicks = ends[visit] - begin;
  }

  /** A buying visit ends with cart, checkout and purchase; all others look around. */
  #actionOf(index: number, place: number, share: number): number {
    const { number, step, clicks } = this.#visit;
    const left = clicks - step;
    const buys = clicks >= 4 && uniformAt(this.#buy, number * this.#places + place) < share;
    if (buys && left <= 3) return left === 1 ? PURCHASE : left === 2 ? CHECKOUT : ADD;
    if (step === 0) return VIEW;
    const u = uniformAt(this.#look, index);
    return u < 0.15 ? SEARCH : u < 0.22 ? ADD : VIEW;
  }

  #pageOf(index: number, action: number): number {
    if (action === SEARCH) return search;
    if (action === CHECKOUT) return checkout;
    if (action === PURCHASE) return thanks;
    const u = uniformAt(this.#product, index);
    if (action === VIEW && this.#visit.step === 0 && u < 0.6) return home;
    if (action === VIEW && u < 0.06) return cart;
    // Squared, so that some products are looked at far more often than others.
    return firstProduct + Math.floor(u * u * productPages);
  }
}

/** The smallest prime that is at least `from`. */
function primeFrom(from: number): number {
  let candidate = from;
  while (!isPrime(candidate)) candidate++;
  return candidate;
}

function isPrime(n: number): boolean {
  for (let divisor = 2; divisor * divisor <= n; divisor++) if (n % divisor === 0) return false;
  return n >= 2;
}
