import { documentText, type Template } from "./template.ts";

/** Scenario 2, over generated clicks. */
export const clickSessions: Template = {
  id: "click-sessions",
  title: "Sessions of a click stream",
  summary: "Finds the visits of a click stream, which end after half an hour of silence, and switches a feature on for active visitors.",
  description: `Clicks come out of order and from many visitors at once. A session window finds each visitor's **visits**: clicks that follow one another within thirty minutes. Visitors with at least ten actions in a visit see a simpler navigation for the next two hours: a **feature flag** is set for them, and unset when no such visit has followed.

**What to watch.** Deploy it. Event time runs faster than the clock, but a visit is known to be over only half an hour of event time after its last click. Then visits appear in *All visits*, and in *Flags* every flag that is set, and two hours later unset.

**Why session windows?** A visit has no fixed length. Five-minute windows would cut it into pieces; a gap follows what the visitor does.

**Late clicks.** Whether a click is late is judged by the visit that it would belong to: one that joins two visits which are still open makes them one. What comes when its visit is over is shown in *Late clicks*.

**To try.** Connect a *Redis flags* sink to *Flag*, and your application finds a key for everybody whose flag is set; or a webhook, which calls your feature-flag service. Shorten the gap to five minutes and see visits fall apart.`,
  teaches: ["Session windows", "Out-of-order records", "Late records", "Feature flags"],
  difficulty: "intermediate",
  runsAsIs: true,
  document: documentText({
    formatVersion: 1,
    pipeline: {
      id: "click-sessions",
      name: "Sessions of a click stream",
      description: "Finds the visits of a click stream, and switches a feature on for active visitors, for two hours each.",
      nodes: {
        all_visits: {
          type: "live-table",
          version: 1,
          label: "All visits",
          params: {
            keepRows: 200,
          },
        },
        clicks: {
          type: "click-generator",
          version: 1,
          label: "Clicks",
        },
        flag: {
          type: "feature-flag",
          version: 1,
          label: "Flag",
          params: {
            keyBy: ["user_id"],
            setWhen: "actions >= 10",
            ttl: "2h",
          },
        },
        flags: {
          type: "live-table",
          version: 1,
          label: "Flags",
          params: {
            keepRows: 200,
          },
        },
        late_clicks: {
          type: "live-table",
          version: 1,
          label: "Late clicks",
          params: {
            keepRows: 100,
          },
        },
        visits: {
          type: "session-window",
          version: 1,
          label: "Visits",
          params: {
            keyBy: ["user_id"],
            aggregates: [
              {
                as: "actions",
                fn: "count",
              },
              {
                as: "pages",
                fn: "count_distinct",
                argument: "page",
              },
              {
                as: "last_page",
                fn: "last",
                argument: "page",
              },
            ],
          },
        },
      },
      edges: [
        {
          from: "clicks.out",
          to: "visits.in",
        },
        {
          from: "flag.out",
          to: "flags.in",
        },
        {
          from: "visits.late",
          to: "late_clicks.in",
        },
        {
          from: "visits.out",
          to: "all_visits.in",
        },
        {
          from: "visits.out",
          to: "flag.in",
        },
      ],
    },
    layout: {
      nodes: {
        all_visits: {
          x: 576,
          y: 0,
        },
        clicks: {
          x: 0,
          y: 160,
        },
        flag: {
          x: 576,
          y: 160,
        },
        flags: {
          x: 864,
          y: 160,
        },
        late_clicks: {
          x: 576,
          y: 320,
        },
        visits: {
          x: 288,
          y: 160,
        },
      },
    },
  }),
};
