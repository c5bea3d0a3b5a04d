import { defineNode, param } from "@millrace/engine";
import { checkStart, generatorHeadline, generatorParams, lowerGenerator } from "./generator-params.ts";
import { sourceOutputs } from "./source-outputs.ts";

export const paymentGenerator = defineNode({
  type: "payment-generator",
  version: 1,
  category: "source",
  label: "Payment generator",
  summary: "Makes card payments, among them bursts of card testing.",
  docs: `Makes card payments: \`timestamp\`, \`transaction_id\`, \`customer_id\`, \`card\`, \`amount\`, \`merchant\`, \`country\` and \`status\` (approved or declined). Each customer has a usual amount and a home country; about one payment in twenty-five is declined.

**Card testing.** Every *Burst every* someone tries a stolen card: six payments of less than five, seconds apart, many of them declined, then one large payment from another country. That is what a fraud rule has to find among the ordinary payments.

**Together with the CRM generator.** With the same seed and number of customers, both speak of the same customers, and the usual amounts agree.

**Time** starts at the moment of the deployment and runs at the given speed. After a restart the stream goes on with the very next record, and the same seed always makes the same records.

**Pitfall.** *Duplicates* repeat payments with their \`transaction_id\`, as payment providers do when they are not sure that a message arrived. Sums over such a stream count them twice.`,
  icon: "credit-card",
  inputs: [],
  outputs: sourceOutputs,
  params: param
    .params({
      customers: param.number({ label: "Customers", default: 20_000, min: 10, max: 1_000_000, integer: true }),
      burstEvery: param.duration({ label: "Burst every", default: "10m", minMs: 120_000, maxMs: 31 * 86_400_000 }),
      ...generatorParams({ ratePerSecond: 5, disorder: "30s" }),
    })
    .superRefine(checkStart),
  headline: generatorHeadline,
  lower: ({ params }) => lowerGenerator("payments", params, { customers: params.customers, burstEveryMs: params.burstEvery }),
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
          {
            timestamp: 1_767_225_600_007,
            transaction_id: "t-1",
            customer_id: "c-3179",
            card: "card-3179",
            amount: 9.98,
            merchant: "Birch Books",
            country: "DE",
            status: "approved",
          },
          {
            timestamp: 1_767_225_600_210,
            transaction_id: "t-2",
            customer_id: "c-19840",
            card: "card-19840",
            amount: 70.83,
            merchant: "Garnet Games",
            country: "DE",
            status: "approved",
          },
        ],
        dead_letter: [],
      },
    },
  ],
});
