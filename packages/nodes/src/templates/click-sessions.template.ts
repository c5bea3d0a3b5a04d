import { documentText, type Template } from "./template.ts";

/** Scenario 2, over generated clicks. */
export const clickSessions: Template = {
  id: "click-sessions",
  title: "Sessions of a click stream",
  summary: "Finds the visits of a click stream, which end after half an hour of silence, and the visitors to switch a feature on for.",
  description: `Clicks come out of order and from many visitors at once. A session window finds each visitor's **visits**: clicks that follow one another within thirty minutes. Visitors with at least ten actions in a visit are to see a simpler navigation.

**What to watch.** Deploy it. Event time runs faster than the clock, but a visit is known to be over only half an hour of event time after its last click. Then visits appear in *All visits*, and active visitors in *Flags to switch on*.

**Why session windows?** A visit has no fixed length. Five-minute windows would cut it into pieces; a gap follows what the visitor does.

**Late clicks.** Whether a click is late is judged by the visit that it would belong to: one that joins two visits which are still open makes them one. What comes when its visit is over is shown in *Late clicks*.

**To try.** Connect a webhook to *Flag*: each row then calls your feature-flag service, with a key that stays the same when it is sent again. Shorten the gap to five minutes and see visits fall apart.`,
  teaches: ["Session windows", "Out-of-order records", "Late records", "Feature flags"],
  difficulty: "intermediate",
  runsAsIs: true,
  document: documentText({
    formatVersion: 1,
    pipeline: {
      id: "click-sessions",
      name: "Sessions of a click stream",
      description: "Finds the visits of a click stream, and the visitors for whom a feature is to be switched on.",
      nodes: {
        active: {
          type: "filter",
          version: 1,
          label: "Active visitors",
          params: {
            where: "actions >= 10",
          },
        },
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
          type: "map-fields",
          version: 1,
          label: "Flag",
          params: {
            mode: "keep",
            fields: [
              {
                name: "user_id",
                value: "user_id",
              },
              {
                name: "flag",
                value: "'compact_navigation'",
              },
              {
                name: "enabled",
                value: "TRUE",
              },
              {
                name: "actions",
                value: "actions",
              },
              {
                name: "since",
                value: "last_event_time",
              },
            ],
          },
        },
        flags: {
          type: "live-table",
          version: 1,
          label: "Flags to switch on",
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
          from: "active.out",
          to: "flag.in",
        },
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
          to: "active.in",
        },
        {
          from: "visits.out",
          to: "all_visits.in",
        },
      ],
    },
    layout: {
      nodes: {
        active: {
          x: 576,
          y: 160,
        },
        all_visits: {
          x: 576,
          y: 0,
        },
        clicks: {
          x: 0,
          y: 160,
        },
        flag: {
          x: 864,
          y: 160,
        },
        flags: {
          x: 1152,
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
