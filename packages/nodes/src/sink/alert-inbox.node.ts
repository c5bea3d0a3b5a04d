import { defineNode, param } from "@millrace/engine";
import { jsonSink, sinkInputs } from "./sink-input.ts";

export const alertInbox = defineNode({
  type: "alert-inbox",
  version: 1,
  category: "sink",
  label: "Alert inbox",
  summary: "Shows alerts in the product, where people see and acknowledge them.",
  delivery: { exactlyOnce: true, immediate: true },
  docs: `Puts alerts where people look: under *Alerts*, with their severity, title, since when and the numbers that raised them.

**When to use it.** Behind a **Threshold alert**. It reads the fields which that node makes: \`alert_key\`, \`transition\`, \`severity\`, \`title\`, \`raised_at\` and \`at\`; all further fields are shown as details. A row with the transition \`cleared\` ends the alert with the same key.

**Exactly once.** An alert appears once, also when the pipeline crashes while raising it.

**Pitfall.** Rows without these fields still appear, but without severity and without an end. To tell another system, connect a **Webhook** to the same output.`,
  icon: "inbox",
  inputs: sinkInputs,
  outputs: [],
  params: param.params({}),
  headline: () => "shown under Alerts",
  lower: ({ inputs }) => jsonSink("alert-inbox", {}, inputs.in),
  examples: [
    {
      title: "An alert that was raised",
      params: {},
      feed: {
        in: [{ alert_key: "cart", transition: "raised", severity: "critical", title: "cart: 120 errors", raised_at: 120_000, at: 120_000 }],
      },
      expect: {
        sink: [
          { alert_key: "cart", transition: "raised", severity: "critical", title: "cart: 120 errors", raised_at: 120_000, at: 120_000 },
        ],
      },
    },
  ],
});
