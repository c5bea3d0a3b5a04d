import { documentText } from "./template.ts";

/** The first template of the fraud score, as pipelines made of it were saved. */
export const firstFraudScore = documentText({
  formatVersion: 1,
  pipeline: {
    id: "fraud-score",
    name: "Fraud score of payments",
    description: "Scores every payment once, with the customer's profile as it was at that moment.",
    nodes: {
      alerts: {
        type: "alert-inbox",
        version: 1,
        label: "Alerts",
      },
      card_testing: {
        type: "event-pattern",
        version: 1,
        label: "Card testing",
        params: {
          keyBy: ["card"],
          stages: [
            {
              name: "small",
              where: "status = 'approved' AND amount < 5",
              times: {
                min: 3,
                max: null,
                greedy: true,
              },
            },
            {
              name: "large",
              where: "status = 'approved' AND amount > 100",
            },
          ],
          within: "10m",
          measures: [
            {
              name: "tries",
              value: "COUNT(small)",
            },
            {
              name: "amount",
              value: "LAST(large.amount)",
            },
          ],
        },
      },
      once: {
        type: "deduplicate",
        version: 1,
        label: "Each payment once",
        params: {
          keyBy: ["transaction_id"],
        },
      },
      payments: {
        type: "payment-generator",
        version: 1,
        label: "Payments",
        params: {
          disturbances: {
            duplicateShare: 0.02,
          },
        },
      },
      profile: {
        type: "temporal-join",
        version: 1,
        label: "Profile at that moment",
        params: {
          leftKeys: ["customer_id"],
          rightKeys: ["customer_id"],
        },
      },
      profiles: {
        type: "crm-generator",
        version: 1,
        label: "CRM updates",
      },
      score: {
        type: "map-fields",
        version: 1,
        label: "Score",
        params: {
          fields: [
            {
              name: "score",
              value:
                "LEAST(100, CASE WHEN tier IS NULL THEN 30 ELSE CASE WHEN blocked THEN 60 ELSE 0 END + CASE WHEN amount > 3 * usual_amount THEN 40 ELSE 0 END + CASE WHEN tier = 'new' THEN 10 ELSE 0 END END + CASE WHEN recent_count >= 3 THEN 30 ELSE 0 END)",
            },
          ],
        },
      },
      scored: {
        type: "live-table",
        version: 1,
        label: "Scored payments",
        params: {
          keepRows: 200,
        },
      },
      suspicious: {
        type: "threshold-alert",
        version: 1,
        label: "Suspicious customer",
        params: {
          keyBy: ["customer_id"],
          raiseWhen: "score >= 60",
          severity: "critical",
          title: "Customer {customer_id}: score {score}; payments in the last hour: {recent_count}",
        },
      },
      tested_cards: {
        type: "live-table",
        version: 1,
        label: "Tested cards",
        params: {
          keepRows: 100,
        },
      },
      velocity: {
        type: "look-back",
        version: 1,
        label: "Last hour of the customer",
        params: {
          keyBy: ["customer_id"],
          aggregates: [
            {
              as: "recent_count",
              fn: "count",
            },
            {
              as: "recent_sum",
              fn: "sum",
              argument: "amount",
            },
          ],
        },
      },
    },
    edges: [
      {
        from: "card_testing.out",
        to: "tested_cards.in",
      },
      {
        from: "once.out",
        to: "card_testing.in",
      },
      {
        from: "once.out",
        to: "velocity.in",
      },
      {
        from: "payments.out",
        to: "once.in",
      },
      {
        from: "profile.out",
        to: "score.in",
      },
      {
        from: "profiles.out",
        to: "profile.right",
      },
      {
        from: "score.out",
        to: "scored.in",
      },
      {
        from: "score.out",
        to: "suspicious.in",
      },
      {
        from: "suspicious.out",
        to: "alerts.in",
      },
      {
        from: "velocity.out",
        to: "profile.left",
      },
    ],
  },
  layout: {
    nodes: {
      alerts: {
        x: 1728,
        y: 160,
      },
      card_testing: {
        x: 576,
        y: 0,
      },
      once: {
        x: 288,
        y: 160,
      },
      payments: {
        x: 0,
        y: 160,
      },
      profile: {
        x: 864,
        y: 160,
      },
      profiles: {
        x: 576,
        y: 320,
      },
      score: {
        x: 1152,
        y: 160,
      },
      scored: {
        x: 1440,
        y: 0,
      },
      suspicious: {
        x: 1440,
        y: 160,
      },
      tested_cards: {
        x: 864,
        y: 0,
      },
      velocity: {
        x: 576,
        y: 160,
      },
    },
    notes: [
      {
        id: "as_of",
        text: "The profile as it was when the payment was made, not as it is now: a replay gives the same scores.",
        x: 864,
        y: 320,
        width: 224,
        height: 96,
      },
    ],
  },
});
