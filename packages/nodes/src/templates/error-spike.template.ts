import { documentText, type Template } from "./template.ts";

/**
 * Scenario 1. With the generator's defaults a service fails for a minute of event time, 7.5 min after the
 * start, with about 240 errors; at 60 times the speed of the clock the window that shows it is closed
 * some 10 s after the deployment.
 */
export const errorSpike: Template = {
  id: "error-spike",
  title: "Error spikes in service logs",
  summary: "Counts the errors of each service over the last five minutes and raises an alert when there are more than a hundred.",
  description: `A stream of service logs is narrowed down to errors, counted for each service over **the last five minutes, every minute**, and watched: more than 100 errors raise an alert, fewer than 50 clear it.

**What to watch.** Deploy it. Event time runs sixty times as fast as the clock, so the five minutes of a window pass in five seconds. After about ten seconds one of the services fails for a minute of event time: its counts jump in *Error counts*, and the alert appears under *Alerts*. A few seconds later it is cleared. Every half minute another spike follows.

**Why hopping windows?** A tumbling window cuts time into pieces. Sixty errors just before a boundary and sixty just after it are two windows of sixty, and nobody is told, although there were 120 errors within five minutes. Overlapping windows see the burst whole: whatever is shorter than four minutes lies inside one of them.

**Why two thresholds?** A count that wavers around 100 would raise and clear the alert over and over. Between 50 and 100 nothing happens.

**Late records.** One record in a hundred comes minutes late. Those whose windows are all closed leave by the window's port *Late* and are shown in *Late errors*, so that nothing disappears silently.

**To try.** Change the slide to five minutes and see how the counts of a spike fall apart. Give the generator more disorder than its watermark expects. Connect a webhook next to the alert inbox. Replace the generator by a file of your own, or begin with *Error spikes in a log file*.`,
  teaches: ["Event time", "Hopping windows", "Hysteresis", "Late records"],
  difficulty: "starter",
  runsAsIs: true,
  document: documentText({
    formatVersion: 1,
    pipeline: {
      id: "error-spike",
      name: "Error spikes in service logs",
      description: "Raises an alert when a service logs more than 100 errors within 5 minutes.",
      nodes: {
        alerts: { type: "alert-inbox", version: 1, label: "Alerts" },
        error_counts: { type: "live-table", version: 1, label: "Error counts", params: { keepRows: 200 } },
        errors_per_service: {
          type: "hopping-window",
          version: 1,
          label: "Errors per service",
          params: {
            keyBy: ["service"],
            aggregates: [
              { as: "errors", fn: "count" },
              { as: "slowest_ms", fn: "max", argument: "latency_ms" },
              { as: "last_message", fn: "last", argument: "message" },
            ],
          },
        },
        late_errors: { type: "live-table", version: 1, label: "Late errors", params: { keepRows: 100 } },
        only_errors: { type: "filter", version: 1, label: "Only errors", params: { where: "level = 'ERROR'" } },
        recent_errors: { type: "live-table", version: 1, label: "Recent errors", params: { keepRows: 100 } },
        service_logs: { type: "log-generator", version: 1, label: "Service logs", params: { disturbances: { lateShare: 0.01 } } },
        too_many_errors: {
          type: "threshold-alert",
          version: 1,
          label: "Too many errors",
          params: {
            keyBy: ["service"],
            raiseWhen: "errors > 100",
            clearWhen: "errors < 50",
            severity: "critical",
            title: "{service}: {errors} errors in 5 min",
          },
        },
      },
      edges: [
        { from: "errors_per_service.late", to: "late_errors.in" },
        { from: "errors_per_service.out", to: "error_counts.in" },
        { from: "errors_per_service.out", to: "too_many_errors.in" },
        { from: "only_errors.out", to: "errors_per_service.in" },
        { from: "only_errors.out", to: "recent_errors.in" },
        { from: "service_logs.out", to: "only_errors.in" },
        { from: "too_many_errors.out", to: "alerts.in" },
      ],
    },
    layout: {
      nodes: {
        alerts: { x: 1152, y: 160 },
        error_counts: { x: 864, y: 320 },
        errors_per_service: { x: 576, y: 160 },
        late_errors: { x: 864, y: 480 },
        only_errors: { x: 288, y: 160 },
        recent_errors: { x: 576, y: 0 },
        service_logs: { x: 0, y: 160 },
        too_many_errors: { x: 864, y: 160 },
      },
      notes: [
        {
          id: "speed",
          text: "Event time runs 60 times as fast as the clock: a minute each second. The first service fails after about 8 seconds.",
          x: 0,
          y: 288,
          width: 224,
          height: 96,
        },
        {
          id: "windows",
          text: "Hopping, not tumbling: a burst across a boundary would be two halves, each below the threshold.",
          x: 360,
          y: 320,
          width: 224,
          height: 96,
        },
      ],
    },
  }),
};
