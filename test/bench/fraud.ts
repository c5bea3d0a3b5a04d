import { fileSink, fileSource, graphDocument, keep } from "./documents.ts";
import { cards, fraudStream, paymentsPath, profilesPath } from "./fraud-stream.ts";
import { plainFraud } from "./plain-fraud.ts";
import type { Subject } from "./subject.ts";

export const scoredPath = "scored";
export const triedPath = "tried";

/** The score of the gallery's template, over amounts in cents. */
const score =
  "LEAST(100, CASE WHEN tier IS NULL THEN 30 ELSE CASE WHEN blocked THEN 60 ELSE 0 END + CASE WHEN amount > 3 * usual_amount THEN 40 ELSE 0 END + CASE WHEN tier = 'new' THEN 10 ELSE 0 END END + CASE WHEN recent_count >= 3 THEN 30 ELSE 0 END)";

/** Scenario 3: payments with the last hour of their card and its profile as of that moment, scored; cards that are tried out. */
export const fraud: Subject = {
  name: "fraud",
  title: `Fraud score, as-of join, look-back and pattern, ${cards.toLocaleString("en")} cards`,
  targets: { json: 0.8 },
  input: fraudStream,
  document: graphDocument(
    "fraud",
    {
      payments: fileSource(
        paymentsPath,
        [
          { name: "at", type: "timestamp" },
          { name: "transaction_id", type: "string" },
          { name: "card", type: "bigint" },
          { name: "amount", type: "bigint" },
          { name: "merchant", type: "string" },
          { name: "country", type: "string" },
          { name: "status", type: "string" },
        ],
        "at",
      ),
      profiles: fileSource(
        profilesPath,
        [
          { name: "at", type: "timestamp" },
          { name: "card", type: "bigint" },
          { name: "tier", type: "string" },
          { name: "usual_amount", type: "bigint" },
          { name: "blocked", type: "boolean" },
        ],
        "at",
      ),
      payment: keep("at", "transaction_id", "card", "amount"),
      velocity: {
        type: "look-back",
        params: {
          keyBy: ["card"],
          range: "1h",
          aggregates: [
            { as: "recent_count", fn: "count" },
            { as: "recent_sum", fn: "sum", argument: "amount" },
          ],
        },
      },
      profile: { type: "temporal-join", params: { leftKeys: ["card"], rightKeys: ["card"] } },
      score: keep("transaction_id", "at", "card", "amount", "tier", "recent_count", "recent_sum", `score = ${score}`),
      scored: fileSink(scoredPath),
      card_testing: {
        type: "event-pattern",
        params: {
          keyBy: ["card"],
          stages: [
            { name: "small", where: "status = 'approved' AND amount < 500", times: { min: 3, max: null, greedy: true } },
            { name: "large", where: "status = 'approved' AND amount > 10000" },
          ],
          within: "10m",
          measures: [
            { name: "tries", value: "COUNT(small)" },
            { name: "amount", value: "LAST(large.amount)" },
            { name: "transaction_id", value: "LAST(large.transaction_id)" },
          ],
        },
      },
      trial: keep("card", "tries", "amount", "transaction_id"),
      tried: fileSink(triedPath),
    },
    [
      "payments > payment > velocity > profile.left",
      "profiles > profile.right",
      "profile > score > scored",
      "payments > card_testing > trial > tried",
    ],
  ),
  plain: plainFraud,
};
