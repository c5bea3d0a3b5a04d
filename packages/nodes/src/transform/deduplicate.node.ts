import { type Deduplicate, defineNode, type OperatorOutput, outputOf, param } from "@millrace/engine";
import { durationWords } from "../words/duration-words.ts";
import { byKeys } from "../words/key-words.ts";

export const deduplicate = defineNode({
  type: "deduplicate",
  version: 1,
  category: "transform",
  label: "Deduplicate",
  summary: "Lets one record of each key through and drops the repeats.",
  docs: `Many sources deliver a record twice: after a retry, a restart, a double click. This node lets one record of each key go on and drops the others that come within the *Time to live*.

**When to use it.** With the field that tells records apart as its key, such as a transaction id, before anything that counts or adds up. With *Keep the last*, to follow the newest state of each key.

**Keep the first.** The first record to arrive goes on at once. Every further one of the same key is dropped until its event time is a time to live, or more, after the one that went on; that one goes on again.

**Keep the last.** Every record goes on at once, as an update that replaces the one before it; a record that is older than the newest so far is dropped. What follows must be able to replace rows.

**State.** A key is remembered until the watermark has passed its record by the time to live; a copy that comes as late as that is still dropped. A late record of a key that is not known leaves by the port *Late*: nobody can tell any more whether it is a repeat. The counter *duplicates* says how many were dropped or replaced. NULL is a key like any other.

**Pitfall.** A time to live that is longer than repeats can lie apart costs memory for nothing: every key is kept for as long, and ids never come again.`,
  icon: "copy-minus",
  inputs: [{ name: "in" }],
  outputs: [{ name: "out" }, { name: "late", label: "Late", side: true }],
  params: param.params({
    keyBy: param.fields({ label: "Key fields", min: 1, help: "Records with equal values in these fields are the same." }),
    keep: param.choice({
      label: "Keep",
      default: "first",
      options: [
        { value: "first", label: "The first", help: "Repeats are dropped." },
        { value: "last", label: "The last", help: "Newer records replace older ones, as updates." },
      ],
    }),
    ttl: param.duration({
      label: "Time to live",
      default: "1h",
      minMs: 1,
      help: "How far apart in event time records of a key may be repeats.",
    }),
  }),
  headline: (params) => `${params.keep}${byKeys(params.keyBy)} in ${durationWords(params.ttl)}`,
  lower: ({ params, inputs }) => {
    const operator: Deduplicate<OperatorOutput> = {
      op: "deduplicate",
      input: inputs.in,
      keyBy: params.keyBy,
      keep: params.keep,
      ttlMs: params.ttl,
    };
    return { out: outputOf(operator), late: outputOf(operator, "late") };
  },
  examples: [
    {
      title: "A transaction that is delivered twice counts once",
      params: { keyBy: ["id"], ttl: "1m" },
      feed: {
        in: [
          { id: "t1", amount: 20, _time: 1000 },
          { id: "t2", amount: 35, _time: 2000 },
          { id: "t1", amount: 20, _time: 1000 },
        ],
      },
      expect: {
        out: [
          { id: "t1", amount: 20 },
          { id: "t2", amount: 35 },
        ],
        late: [],
      },
    },
    {
      title: "After the time to live a key goes on again",
      params: { keyBy: ["door"], ttl: "10s" },
      feed: {
        in: [
          { door: "north", n: 1, _time: 0 },
          { door: "north", n: 2, _time: 9999 },
          { door: "north", n: 3, _time: 10_000 },
          { door: "south", n: 4, _time: 5000 },
        ],
      },
      expect: {
        out: [
          { door: "north", n: 1 },
          { door: "north", n: 3 },
        ],
        late: [{ door: "south", n: 4 }],
      },
    },
  ],
});
