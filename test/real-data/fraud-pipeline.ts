/** Payments without their repeats, with what the customer paid in the last hour and the profile of that moment, scored. */
export function fraudPipeline(files: { readonly transactions: string; readonly profiles: string; readonly scored: string }): string {
  const score = `LEAST(100,
    CASE WHEN tier IS NULL THEN 30 ELSE
      CASE WHEN blocked THEN 60 ELSE 0 END + CASE WHEN amount > 3 * usualAmount THEN 40 ELSE 0 END + CASE WHEN tier = 'new' THEN 10 ELSE 0 END
    END + CASE WHEN recentCount >= 3 THEN 30 ELSE 0 END)`;
  const same = (name: string) => ({ name, value: name });
  const result = [
    ...["transactionId", "timestamp", "customerId", "amount", "tier", "recentCount"].map(same),
    { name: "recentSum", value: "ROUND(recentSum, 2)" },
    { name: "score", value: score },
  ];
  const source = (path: string, fields: readonly object[], disorder: string) => ({
    type: "file-source",
    version: 1,
    params: { path, fields, timeField: "timestamp", disorder },
  });
  const time = { name: "timestamp", type: "timestamp" };
  const text = (name: string) => ({ name, type: "string" });
  const nodes = {
    transactions: source(files.transactions, [text("transactionId"), time, text("customerId"), { name: "amount", type: "double" }], "30s"),
    profiles: source(
      files.profiles,
      [text("customerId"), time, text("tier"), { name: "usualAmount", type: "double" }, { name: "blocked", type: "boolean" }],
      "0s",
    ),
    once: { type: "deduplicate", version: 1, params: { keyBy: ["transactionId"], ttl: "10m" } },
    velocity: {
      type: "look-back",
      version: 1,
      params: {
        keyBy: ["customerId"],
        range: "1h",
        aggregates: [
          { as: "recentCount", fn: "count" },
          { as: "recentSum", fn: "sum", argument: "amount" },
        ],
      },
    },
    profile: { type: "temporal-join", version: 1, params: { leftKeys: ["customerId"], rightKeys: ["customerId"] } },
    score: { type: "map-fields", version: 1, params: { mode: "keep", fields: result } },
    scored: { type: "file-sink", version: 1, params: { path: files.scored } },
  };
  const edges = [
    { from: "transactions.out", to: "once.in" },
    { from: "once.out", to: "velocity.in" },
    { from: "velocity.out", to: "profile.left" },
    { from: "profiles.out", to: "profile.right" },
    { from: "profile.out", to: "score.in" },
    { from: "score.out", to: "scored.in" },
  ];
  return JSON.stringify({ formatVersion: 1, pipeline: { id: "real_fraud", name: "Fraud score", nodes, edges } });
}
