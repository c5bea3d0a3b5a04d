import { documentText, type Template } from "./template.ts";

const score = [
  "LEAST(100, CASE WHEN tier IS NULL THEN 30 ELSE CASE WHEN blocked THEN 60 ELSE 0 END",
  "CASE WHEN amount > 3 * usual_amount THEN 40 ELSE 0 END",
  "CASE WHEN tier = 'new' THEN 10 ELSE 0 END END",
  "CASE WHEN recent_count >= 3 THEN 30 ELSE 0 END)",
].join(" + ");

/** One text for each part of the score that counts, in the same order. */
const reasons = `CONCAT_WS('; ', ${[
  "CASE WHEN tier IS NULL THEN 'no profile' END",
  "CASE WHEN blocked THEN 'customer is blocked' END",
  "CASE WHEN amount > 3 * usual_amount THEN 'more than three times the usual amount' END",
  "CASE WHEN tier = 'new' THEN 'new customer' END",
  "CASE WHEN recent_count >= 3 THEN CAST(recent_count AS STRING) || ' payments within an hour' END",
].join(", ")})`;

const text = (name: string) => ({ name, type: "string" });
const time = { name: "timestamp", type: "timestamp" };

/** Scenario 3, over generated payments and CRM updates or over topics of Kafka. */
export const fraudScore: Template = {
  id: "fraud-score",
  title: "Fraud score of payments",
  summary:
    "Scores every payment once and says why, with the customer's profile as it was at that moment and the payments of the hour before.",
  description: `Payments meet what the CRM knew of the customer **when the payment was made**, and what the customer paid in the hour before. An expression turns that into a score, another says why; a high score raises an alert, and so does a card that is being tried out.

**What to watch.** Deploy it. Event time runs faster than the clock. Two payments in a hundred come twice; *Each payment once* drops the repeats, and its counter says how many. After some minutes of event time a stolen card is tried out: several small payments, then a large one within ten minutes, and *Card is tried out* raises an alert.

**Why an as-of join?** The profile changes while payments arrive. A join with the newest profile would give another score when the data is replayed tomorrow. As of the payment's own time, the same input always gives the same rows.

**Why a look-back?** An hourly window would say how many payments there were between ten and eleven. A look-back says for each payment how many there were in the hour before it, itself included.

**Exactly once.** Rows are staged in the checkpoint and delivered after it; a killed worker leaves none out and none in twice. That holds for each sink by itself: the scored payments, the alerts and the features in Redis.

**Features for serving.** *Features* keeps the newest numbers of each customer in Redis, in the one that Millrace runs on until you name a connection, where a checkout can read them within a millisecond.

**With Kafka.** Choose your own topics when you open it, and the same graph reads payments and profiles from there and writes scored payments in transactions.

**To try.** Kill the runtime's process while it runs. Raise the share of repeats. Change a weight in *Score* and deploy again: the state is kept.`,
  teaches: ["Deduplication", "Look-back", "As-of join", "Event patterns", "Exactly once"],
  difficulty: "advanced",
  runsAsIs: true,
  kafka: [
    {
      node: "payments",
      label: "Payments",
      direction: "read",
      topic: "payments",
      params: {
        fields: [
          time,
          text("transaction_id"),
          text("customer_id"),
          text("card"),
          { name: "amount", type: "double" },
          text("merchant"),
          text("country"),
          text("status"),
        ],
        timeField: "timestamp",
        disorder: "30s",
      },
    },
    {
      node: "profiles",
      label: "Customer profiles",
      direction: "read",
      topic: "customer-profiles",
      params: {
        fields: [time, text("customer_id"), text("tier"), { name: "usual_amount", type: "double" }, { name: "blocked", type: "boolean" }],
        timeField: "timestamp",
      },
    },
    {
      node: "scored",
      label: "Scored payments",
      direction: "write",
      topic: "scored-payments",
      params: { key: "customer_id", createTopic: true },
    },
  ],
  document: documentText({
    formatVersion: 1,
    pipeline: {
      id: "fraud-score",
      name: "Fraud score of payments",
      description: "Scores every payment once and says why, with the customer's profile as it was at that moment.",
      nodes: {
        alerts: { type: "alert-inbox", version: 1, label: "Alerts" },
        card_alerts: { type: "alert-inbox", version: 1, label: "Alerts about cards" },
        card_testing: {
          type: "event-pattern",
          version: 1,
          label: "Card testing",
          params: {
            keyBy: ["card"],
            stages: [
              { name: "small", where: "status = 'approved' AND amount < 5", times: { min: 3, max: null, greedy: true } },
              { name: "large", where: "status = 'approved' AND amount > 100" },
            ],
            within: "10m",
            measures: [
              { name: "tries", value: "COUNT(small)" },
              { name: "amount", value: "LAST(large.amount)" },
              { name: "customer_id", value: "LAST(large.customer_id)" },
            ],
          },
        },
        card_tried: {
          type: "threshold-alert",
          version: 1,
          label: "Card is tried out",
          params: {
            keyBy: ["card"],
            raiseWhen: "tries >= 3",
            severity: "critical",
            title: "{card}: {tries} small payments, then one of {amount}",
            repeat: "10m",
          },
        },
        features: {
          type: "redis-sink",
          version: 1,
          label: "Features",
          params: {
            name: "features:{customer_id}",
            fields: [
              { name: "recent_count", value: "recent_count" },
              { name: "recent_sum", value: "recent_sum" },
              { name: "tier", value: "tier" },
              { name: "score", value: "score" },
              { name: "reasons", value: "reasons" },
            ],
            forget: "2h",
          },
        },
        once: { type: "deduplicate", version: 1, label: "Each payment once", params: { keyBy: ["transaction_id"] } },
        payments: {
          type: "payment-generator",
          version: 1,
          label: "Payments",
          params: { disturbances: { duplicateShare: 0.02 } },
        },
        profile: {
          type: "temporal-join",
          version: 1,
          label: "Profile at that moment",
          params: { leftKeys: ["customer_id"], rightKeys: ["customer_id"] },
        },
        profiles: { type: "crm-generator", version: 1, label: "CRM updates" },
        score: {
          type: "map-fields",
          version: 1,
          label: "Score",
          params: {
            fields: [
              { name: "recent_sum", value: "ROUND(recent_sum, 2)" },
              { name: "score", value: score },
              { name: "reasons", value: reasons },
            ],
          },
        },
        scored: { type: "live-table", version: 1, label: "Scored payments", params: { keepRows: 200 } },
        suspicious: {
          type: "threshold-alert",
          version: 1,
          label: "Suspicious customer",
          params: {
            keyBy: ["customer_id"],
            raiseWhen: "score >= 60",
            severity: "critical",
            title: "Customer {customer_id}: score {score}, {reasons}",
          },
        },
        velocity: {
          type: "look-back",
          version: 1,
          label: "Last hour of the customer",
          params: {
            keyBy: ["customer_id"],
            aggregates: [
              { as: "recent_count", fn: "count" },
              { as: "recent_sum", fn: "sum", argument: "amount" },
            ],
          },
        },
      },
      edges: [
        { from: "card_testing.out", to: "card_tried.in" },
        { from: "card_tried.out", to: "card_alerts.in" },
        { from: "once.out", to: "card_testing.in" },
        { from: "once.out", to: "velocity.in" },
        { from: "payments.out", to: "once.in" },
        { from: "profile.out", to: "score.in" },
        { from: "profiles.out", to: "profile.right" },
        { from: "score.out", to: "features.in" },
        { from: "score.out", to: "scored.in" },
        { from: "score.out", to: "suspicious.in" },
        { from: "suspicious.out", to: "alerts.in" },
        { from: "velocity.out", to: "profile.left" },
      ],
    },
    layout: {
      nodes: {
        alerts: { x: 1728, y: 320 },
        card_alerts: { x: 1152, y: 0 },
        card_testing: { x: 576, y: 0 },
        card_tried: { x: 864, y: 0 },
        features: { x: 1440, y: 480 },
        once: { x: 288, y: 160 },
        payments: { x: 0, y: 160 },
        profile: { x: 864, y: 160 },
        profiles: { x: 576, y: 320 },
        score: { x: 1152, y: 160 },
        scored: { x: 1440, y: 160 },
        suspicious: { x: 1440, y: 320 },
        velocity: { x: 576, y: 160 },
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
  }),
};
