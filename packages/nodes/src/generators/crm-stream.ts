import { maxBatchRows } from "@millrace/engine";
import { NumberedColumn, PoolColumn } from "./columns.ts";
import { Customers, customerId, tierBounds, tiers, toCents } from "./customers.ts";
import type { CrmOptions } from "./generator-options.ts";
import { pick, randomStream, uniformAt } from "./random.ts";
import type { StreamModel } from "./stream-model.ts";

/** The profiles of all customers come in the first ten seconds. */
export const crmLeadMs = 10_000;

const blockedAtFirst = 0.005;
const blockedLater = 0.03;

/**
 * Customer profiles. Records 0 … customers - 1 are the first profile of every customer, in order; after
 * that each record changes a customer at random: a tier (10 % new, 68 % standard, 22 % gold), a usual
 * amount of 80 % to 120 % of the first one, and `blocked` in 3 % of the changes.
 */
export function createCrmStream(options: CrmOptions): StreamModel {
  const { seed } = options;
  const customers = new Customers(seed, options.customers);
  const numbers = new Int32Array(maxBatchRows);
  const customer = new NumberedColumn(customerId);
  const tier = new PoolColumn(tiers);
  const amounts = new Float64Array(maxBatchRows);
  const blocked = new Uint8Array(maxBatchRows);
  const random = {
    who: randomStream(seed, "crm customer"),
    tier: randomStream(seed, "crm tier"),
    amount: randomStream(seed, "crm amount"),
    blocked: randomStream(seed, "crm blocked"),
  };
  const isFirst = (index: number) => index < customers.count;
  return {
    prepare: ({ length, index }) => {
      for (let i = 0; i < length; i++) numbers[i] = isFirst(index[i]) ? index[i] : customers.at(random.who, index[i]);
    },
    columns: [
      ({ length }) => {
        customer.begin();
        for (let i = 0; i < length; i++) customer.set(i, numbers[i]);
        return customer.column();
      },
      ({ length, index }) => {
        for (let i = 0; i < length; i++) {
          tier.ids[i] = isFirst(index[i]) ? customers.tier(numbers[i]) : pick(tierBounds, uniformAt(random.tier, index[i]));
        }
        return tier.column();
      },
      ({ length, index }) => {
        for (let i = 0; i < length; i++) {
          const usual = customers.usualAmount(numbers[i]);
          amounts[i] = isFirst(index[i]) ? usual : toCents(usual * (0.8 + 0.4 * uniformAt(random.amount, index[i])));
        }
        return { kind: "number", values: amounts, valid: null };
      },
      ({ length, index }) => {
        for (let i = 0; i < length; i++) {
          blocked[i] = uniformAt(random.blocked, index[i]) < (isFirst(index[i]) ? blockedAtFirst : blockedLater) ? 1 : 0;
        }
        return { kind: "boolean", values: blocked, valid: null };
      },
    ],
  };
}
