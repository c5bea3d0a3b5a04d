import { defineNode, type OperatorOutput, outputOf, param, type ThresholdAlert } from "@millrace/engine";
import { strictDocs, strictParam, strictPorts } from "../transform/strict-param.ts";
import { byKeys } from "../words/key-words.ts";

export const thresholdAlert = defineNode({
  type: "threshold-alert",
  version: 1,
  category: "pattern",
  label: "Threshold alert",
  summary: "Raises an alert when a condition becomes true, and clears it when it is over.",
  docs: `Watches a condition for each key and says when it *begins* to hold, rather than for every record for which it holds. While an alert is raised, further records stay silent; when the clear condition holds, the alert is cleared and may be raised again.

**When to use it.** After a window: count errors per service, then raise when the count is above 100. It also works on single records, such as the state of a device.

**Two thresholds.** With one threshold a value that wavers around it raises and clears all the time. Give *Clear when* a lower one: raise above 100, clear below 50, and nothing happens in between. Without it, the alert is cleared by the first record for which *Raise when* is not TRUE.

**Suppress** and **Repeat** go by event time. After raising, no further alert for the same key is raised within *Suppress*, even when it was cleared in the meantime. With *Repeat*, an alert that stays raised speaks again at most that often.

**What comes out.** \`alert_key\`, \`transition\` (\`raised\`, \`cleared\` or \`repeated\`), \`severity\`, \`title\`, \`raised_at\`, \`at\`, then the fields of the record that caused it. The title is text with expressions in braces: \`{service}: {errors} errors in 5 min\`.

${strictDocs}

**Pitfall.** An alert is cleared by a record, not by silence. A window without records emits nothing, so a service that stops sending altogether keeps its alert.`,
  icon: "bell-ring",
  inputs: [{ name: "in" }],
  outputs: (params) => [{ name: "out" }, ...strictPorts(params)],
  params: param.params({
    keyBy: param.fields({
      label: "Key fields",
      help: "Each value raises and clears its own alert. An empty list takes the key of the stream.",
    }),
    raiseWhen: param.expression({ label: "Raise when", result: "boolean", help: "For example errors > 100." }),
    clearWhen: param.optionalExpression({
      label: "Clear when",
      result: "boolean",
      help: "For example errors < 50. Empty: as soon as the condition above no longer holds.",
    }),
    severity: param.choice({
      label: "Severity",
      default: "warning",
      options: [
        { value: "info", label: "Info" },
        { value: "warning", label: "Warning" },
        { value: "critical", label: "Critical" },
      ],
    }),
    title: param.template({
      label: "Title",
      default: "Threshold crossed",
      help: "Text with expressions in braces: {service}: {errors} errors.",
    }),
    suppress: param.duration({
      label: "Suppress",
      default: "0s",
      advanced: true,
      help: "After raising, stay silent about the same key for this long (event time).",
    }),
    ...strictParam,
    repeat: param.optionalDuration({
      label: "Repeat",
      minMs: 1000,
      advanced: true,
      help: "While raised, speak again at most this often (event time). Empty: never.",
    }),
  }),
  headline: (params) => `${params.raiseWhen}${byKeys(params.keyBy)}`,
  lower: ({ params, inputs, inputTypes }) => {
    const operator: ThresholdAlert<string, OperatorOutput> = {
      op: "threshold-alert",
      input: inputs.in,
      keyBy: params.keyBy.length > 0 ? params.keyBy : inputTypes.in.key,
      raiseWhen: params.raiseWhen,
      clearWhen: params.clearWhen,
      suppressMs: params.suppress,
      repeatMs: params.repeat,
      severity: params.severity,
      title: params.title,
      ...(params.strict ? { strict: true } : {}),
    };
    return { out: outputOf(operator), ...(params.strict ? { dead_letter: outputOf(operator, "dead_letter") } : {}) };
  },
  examples: [
    {
      title: "Raise above 100, clear below 50, silent in between",
      params: {
        keyBy: ["service"],
        raiseWhen: "errors > 100",
        clearWhen: "errors < 50",
        severity: "critical",
        title: "{service}: {errors} errors",
      },
      feed: {
        in: [
          { service: "cart", errors: 20, _time: 60_000 },
          { service: "cart", errors: 120, _time: 120_000 },
          { service: "cart", errors: 80, _time: 180_000 },
          { service: "cart", errors: 130, _time: 240_000 },
          { service: "cart", errors: 10, _time: 300_000 },
        ],
      },
      expect: {
        out: [
          {
            alert_key: "cart",
            transition: "raised",
            severity: "critical",
            title: "cart: 120 errors",
            raised_at: 120_000,
            at: 120_000,
            service: "cart",
            errors: 120,
          },
          {
            alert_key: "cart",
            transition: "cleared",
            severity: "critical",
            title: "cart: 10 errors",
            raised_at: 120_000,
            at: 300_000,
            service: "cart",
            errors: 10,
          },
        ],
      },
    },
    {
      title: "A record on which the condition fails goes to the dead letters",
      params: { keyBy: ["host"], raiseWhen: "CAST(load AS DOUBLE) > 0.9", severity: "info", title: "Full", strict: true },
      feed: {
        in: [
          { host: "a", load: "n/a", _time: 1000 },
          { host: "a", load: "0.95", _time: 2000 },
        ],
      },
      expect: {
        out: [
          { alert_key: "a", transition: "raised", severity: "info", title: "Full", raised_at: 2000, at: 2000, host: "a", load: "0.95" },
        ],
        dead_letter: [{ host: "a", load: "n/a", dead_letter_reason: '"raiseWhen" cannot be computed although load has a value' }],
      },
    },
  ],
});
