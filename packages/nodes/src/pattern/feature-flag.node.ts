import { defineNode, type FeatureFlag, type OperatorOutput, outputOf, param } from "@millrace/engine";
import { strictDocs, strictParam, strictPorts } from "../transform/strict-param.ts";
import { durationWords } from "../words/duration-words.ts";
import { byKeys } from "../words/key-words.ts";

export const featureFlag = defineNode({
  type: "feature-flag",
  version: 1,
  category: "pattern",
  label: "Feature flag",
  summary: "Keeps a flag for each key that records set and time unsets, and says when it changes.",
  docs: `Turns a stream of records, or of sessions, into flags: a user is *active* from the first click until half an hour after the last, a device is *overdue*, an offer is *on* for a customer. What comes out are the changes alone.

**When to use it.** To switch something for those who do something just now: put a **Redis flags** sink behind it, and let your application read the flag. For alerts that people read, the **Threshold alert** has words for them.

**Set and unset.** A record for which *Set when* is TRUE sets the flag of its key until its event time plus the *Time to live*, or keeps it set for longer. A record for which *Unset when* is TRUE, and *Set when* is not, unsets it at once. Otherwise time does: at exactly the end a record still finds it set.

**What comes out.** The key fields, then \`transition\` (\`set\`, \`extended\` or \`unset\`), \`is_set\`, \`at\`, \`expires_at\`, \`reason\` (\`condition\` or \`expired\`) and \`set_for\`, how many ms it had been set. Rows with \`extended\` come only with *Say extensions of*, for those who keep an expiry of their own.

**Order and time.** Records count in the order in which they come, so that a flag is set the moment its record is there; times are event times. Late records leave by the port *Late*. Rows that are taken back count as none: behind a window, use its updates.

${strictDocs}

**Pitfall.** A flag is unset when the watermark has passed its end: a source that falls silent keeps its flags, unless it has an idle timeout and another goes on.`,
  icon: "toggle-left",
  inputs: [{ name: "in" }],
  outputs: (params) => [{ name: "out" }, { name: "late", label: "Late", side: true }, ...strictPorts(params)],
  params: param.params({
    keyBy: param.fields({ label: "Key fields", help: "Each value has its own flag. An empty list takes the key of the stream." }),
    setWhen: param.expression({ label: "Set when", result: "boolean", default: "TRUE", help: "TRUE: every record sets it." }),
    unsetWhen: param.optionalExpression({
      label: "Unset when",
      result: "boolean",
      help: "For example action = 'logout'. Empty: only time unsets it.",
    }),
    ttl: param.duration({
      label: "Time to live",
      default: "30m",
      minMs: 1,
      help: "How long it stays set after the last record (event time).",
    }),
    ...strictParam,
    extend: param.optionalDuration({
      label: "Say extensions of",
      minMs: 1,
      advanced: true,
      help: "A row as soon as the flag lasts this much longer than said. Empty: extensions are not said.",
    }),
  }),
  headline: (params) => `${params.setWhen === "TRUE" ? "any record" : params.setWhen}, ${durationWords(params.ttl)}${byKeys(params.keyBy)}`,
  lower: ({ params, inputs }) => {
    const operator: FeatureFlag<string, OperatorOutput> = {
      op: "feature-flag",
      input: inputs.in,
      keyBy: params.keyBy,
      setWhen: params.setWhen,
      unsetWhen: params.unsetWhen,
      ttlMs: params.ttl,
      extendMs: params.extend,
      ...(params.strict ? { strict: true } : {}),
    };
    const deadLetters = params.strict ? { dead_letter: outputOf(operator, "dead_letter") } : {};
    return { out: outputOf(operator), late: outputOf(operator, "late"), ...deadLetters };
  },
  examples: [
    {
      title: "Active until ten minutes after the last click, or until signing out",
      params: { keyBy: ["user"], setWhen: "action <> 'logout'", unsetWhen: "action = 'logout'", ttl: "10m" },
      feed: {
        in: [
          { user: "ann", action: "click", _time: 0 },
          { user: "bo", action: "click", _time: 60_000 },
          { user: "ann", action: "click", _time: 300_000 },
          { user: "bo", action: "logout", _time: 360_000 },
        ],
      },
      expect: {
        out: [
          { user: "ann", transition: "set", is_set: true, at: 0, expires_at: 600_000, reason: "condition", set_for: 0 },
          { user: "bo", transition: "set", is_set: true, at: 60_000, expires_at: 660_000, reason: "condition", set_for: 0 },
          { user: "bo", transition: "unset", is_set: false, at: 360_000, expires_at: null, reason: "condition", set_for: 300_000 },
          { user: "ann", transition: "unset", is_set: false, at: 900_000, expires_at: null, reason: "expired", set_for: 900_000 },
        ],
      },
    },
    {
      title: "Every record sets it; extensions are said for those who keep an expiry",
      params: { keyBy: ["device"], ttl: "1m", extend: "30s" },
      feed: {
        in: [
          { device: "d1", _time: 0 },
          { device: "d1", _time: 20_000 },
          { device: "d1", _time: 30_000 },
        ],
      },
      expect: {
        out: [
          { device: "d1", transition: "set", is_set: true, at: 0, expires_at: 60_000, reason: "condition", set_for: 0 },
          { device: "d1", transition: "extended", is_set: true, at: 30_000, expires_at: 90_000, reason: "condition", set_for: 30_000 },
          { device: "d1", transition: "unset", is_set: false, at: 90_000, expires_at: null, reason: "expired", set_for: 90_000 },
        ],
      },
    },
  ],
});
