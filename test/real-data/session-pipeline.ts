/** Sessions of visitors with a gap of half an hour. */
export function sessionPipeline(files: { readonly events: string; readonly sessions: string }): string {
  const result = [
    { name: "visitor", value: "visitor" },
    { name: "agent", value: "agent" },
    { name: "sessionStart", value: "window_start" },
    { name: "sessionEnd", value: "window_end" },
    { name: "durationMs", value: "UNIX_TIMESTAMP(last_event_time) * 1000 - UNIX_TIMESTAMP(window_start) * 1000" },
    { name: "pageViews", value: "pageViews" },
  ];
  const fields = [
    { name: "timestamp", type: "timestamp" },
    { name: "visitor", type: "string" },
    { name: "agent", type: "string" },
  ];
  return JSON.stringify({
    formatVersion: 1,
    pipeline: {
      id: "real_clicks",
      name: "Sessions",
      nodes: {
        events: { type: "file-source", version: 1, params: { path: files.events, fields, timeField: "timestamp", disorder: "60s" } },
        per_visitor: {
          type: "session-window",
          version: 1,
          params: { keyBy: ["visitor", "agent"], gap: "30m", aggregates: [{ as: "pageViews", fn: "count" }] },
        },
        result: { type: "map-fields", version: 1, params: { mode: "keep", fields: result } },
        sessions: { type: "file-sink", version: 1, params: { path: files.sessions } },
      },
      edges: [
        { from: "events.out", to: "per_visitor.in" },
        { from: "per_visitor.out", to: "result.in" },
        { from: "result.out", to: "sessions.in" },
      ],
    },
  });
}
