import { defineNode, param } from "@millrace/engine";
import { checkStart, generatorHeadline, generatorParams, lowerGenerator } from "./generator-params.ts";
import { sourceOutputs } from "./source-outputs.ts";

export const crmGenerator = defineNode({
  type: "crm-generator",
  version: 1,
  category: "source",
  label: "CRM generator",
  summary: "Makes customer profiles and their changes.",
  docs: `Makes updates of customer profiles: \`timestamp\`, \`customer_id\`, \`tier\` (new, standard, gold), \`usual_amount\` and \`blocked\`. In the first ten seconds of event time comes the profile of every customer, one after the other; after that, at the given rate, customers change: a new tier, another usual amount, now and then blocked.

**When to use it.** As the slowly changing side of a join: payments on the left, the profile as it was at the time of the payment on the right.

**Together with the payment generator.** With the same seed and number of customers, both speak of the same customers, and the usual amounts agree.

**Time** starts at the moment of the deployment and runs at the given speed. After a restart the stream goes on with the very next record, and the same seed always makes the same records.

**Pitfall.** A payment in the first ten seconds may come before its customer's profile, and an as-of join then finds none.`,
  icon: "contact-round",
  inputs: [],
  outputs: sourceOutputs,
  params: param
    .params({
      customers: param.number({ label: "Customers", default: 20_000, min: 10, max: 1_000_000, integer: true }),
      ...generatorParams({ ratePerSecond: 1, disorder: "0s" }),
    })
    .superRefine(checkStart),
  headline: generatorHeadline,
  lower: ({ params }) => lowerGenerator("crm", params, { customers: params.customers }),
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
          { timestamp: 1_767_225_600_000, customer_id: "c-1", tier: "gold", usual_amount: 20.2, blocked: false },
          { timestamp: 1_767_225_600_000, customer_id: "c-2", tier: "standard", usual_amount: 88.67, blocked: false },
        ],
        dead_letter: [],
      },
    },
  ],
});
