import { defineNode, type Field, type JsonValue, param, parseTimestamp, type Source } from "@millrace/engine";
import { eventTimeDocs, eventTimeParams, refineEventTime, watermarkOf } from "./event-time-params.ts";
import { onSourcePorts, sourceOutputs } from "./source-outputs.ts";

/** Fields that every record of Kafka can have beside its value, by the name that they get. */
const detailFields = [
  { param: "key", label: "Key", field: { name: "kafka_key", type: { kind: "string" } } },
  { param: "time", label: "Record time", field: { name: "kafka_time", type: { kind: "timestamp" } } },
  { param: "headers", label: "Headers", field: { name: "kafka_headers", type: { kind: "json" } } },
  { param: "place", label: "Topic, partition and offset", field: null },
] as const;

const placeFields: readonly Field[] = [
  { name: "kafka_topic", type: { kind: "string" } },
  { name: "kafka_partition", type: { kind: "bigint" } },
  { name: "kafka_offset", type: { kind: "bigint" } },
];

const detailParams = param.group(
  { label: "Beside the value", advanced: true },
  {
    key: param.toggle({ label: detailFields[0].label, default: false, help: "As text, in the field kafka_key." }),
    time: param.toggle({ label: detailFields[1].label, default: false, help: "In the field kafka_time." }),
    headers: param.toggle({ label: detailFields[2].label, default: false, help: "As an object, in the field kafka_headers." }),
    place: param.toggle({ label: detailFields[3].label, default: false, help: "In kafka_topic, kafka_partition and kafka_offset." }),
  },
);

const kafkaSourceParams = param
  .params({
    connection: param.connection({ label: "Connection", service: "kafka" }),
    topics: param.text({
      label: "Topics",
      placeholder: "payments, refunds-*",
      maxLength: 2000,
      help: "Separated by commas; * stands for any characters.",
    }),
    start: param.choice({
      label: "Start",
      default: "earliest",
      help: "Where a run without a checkpoint begins.",
      options: [
        { value: "earliest", label: "At the oldest record" },
        { value: "latest", label: "At what comes from now on" },
        { value: "time", label: "At a time" },
        { value: "offsets", label: "At offsets" },
      ],
    }),
    startTime: param.text({
      label: "Time",
      default: "",
      placeholder: "2026-11-27T08:00:00Z",
      maxLength: 40,
      visibleWhen: { param: "start", equals: ["time"] },
      help: "Records from then on, by their own time; ISO 8601 with a zone.",
    }),
    startOffsets: param.text({
      label: "Offsets",
      default: "",
      placeholder: "payments/0: 1200, payments/1: 980",
      maxLength: 20_000,
      visibleWhen: { param: "start", equals: ["offsets"] },
      help: "Topic, partition and the first offset to read. A partition that is not named is read from its oldest record.",
    }),
    format: param.choice({
      label: "Values are",
      default: "json",
      options: [
        { value: "json", label: "JSON objects" },
        { value: "avro", label: "Avro", help: "With the id of a schema, as Confluent's serializers write it." },
        { value: "protobuf", label: "Protobuf", help: "With the id of a schema, as Confluent's serializers write it." },
        { value: "text", label: "Plain text", help: "In the field value." },
        { value: "raw", label: "Raw bytes", help: "In the field value, as base64." },
      ],
    }),
    registry: param.optionalConnection({
      label: "Schema registry",
      service: "schema-registry",
      visibleWhen: { param: "format", equals: ["avro", "protobuf"] },
      help: "The name under which the runtime finds its address, such as https://user:password@registry.example.com.",
    }),
    fields: param.schema({ label: "Fields", help: "What each value holds. Members that are not named here are skipped." }),
    eventTime: param.choice({
      label: "Event time",
      default: "field",
      options: [
        { value: "field", label: "A field of the value" },
        { value: "record", label: "The record's own time", help: "When it was written, or what its producer said." },
      ],
    }),
    timeField: param.ownField({
      label: "Time field",
      types: ["timestamp", "bigint"],
      visibleWhen: { param: "eventTime", equals: ["field"] },
      help: "When the thing happened. Without one, time windows cannot be used downstream.",
    }),
    ...eventTimeParams({
      disorderHelp: "Within a partition, a record may be this much older than the newest before it and is still on time.",
      idleLabel: "A partition is idle after",
      idleHelp: "Without records for this long, it no longer holds back the watermark. Empty: never.",
      idleDefault: "1m",
    }),
    until: param.choice({
      label: "Reads",
      default: "never",
      advanced: true,
      options: [
        { value: "never", label: "On and on" },
        { value: "latest", label: "To what is there at the start", help: "Then the pipeline ends, as with a file." },
      ],
    }),
    tombstones: param.choice({
      label: "Records without a value",
      default: "dead-letter",
      advanced: true,
      help: "Tombstones of compacted topics: they say that their key is gone.",
      options: [
        { value: "dead-letter", label: "Go to the dead letters" },
        { value: "skip", label: "Are left out" },
        { value: "nulls", label: "Are records of nothing but NULL", help: "Beside the key and what else is chosen below." },
      ],
    }),
    isolation: param.choice({
      label: "Transactions",
      default: "committed",
      advanced: true,
      options: [
        { value: "committed", label: "Only what is committed" },
        { value: "uncommitted", label: "Everything", help: "Also what may still be taken back; a little sooner." },
      ],
    }),
    details: detailParams,
  })
  .superRefine((params, context) => {
    const { topics, start, startTime, startOffsets, format, registry, fields } = params;
    refineEventTime(params, timeFieldOf(params), params.until === "never", context);
    const wrong = topicNames(topics).find((name) => !/^[A-Za-z0-9._*-]{1,249}$/.test(name));
    if (wrong !== undefined) {
      context.addIssue({
        code: "custom",
        path: ["topics"],
        message: `"${wrong}" is no name of a topic: letters, digits, ".", "_" and "-", and * for any.`,
      });
    }
    if (start === "time" && startTime !== "" && !/(Z|[+-]\d\d:?\d\d)$/.test(startTime)) {
      context.addIssue({ code: "custom", path: ["startTime"], message: "The time needs its zone, such as 2026-11-27T08:00:00Z." });
    } else if (start === "time" && Number.isNaN(parseTimestamp(startTime))) {
      context.addIssue({ code: "custom", path: ["startTime"], message: "That is no time; write it as 2026-11-27T08:00:00Z." });
    }
    const offsets = start === "offsets" ? readOffsets(startOffsets) : null;
    if (typeof offsets === "string") context.addIssue({ code: "custom", path: ["startOffsets"], message: offsets });
    if ((format === "avro" || format === "protobuf") && registry === null) {
      context.addIssue({ code: "custom", path: ["registry"], message: "Values of this kind need a schema registry: name its connection." });
    }
    if ((format === "text" || format === "raw") && !fields.some(({ name }) => name === "value")) {
      context.addIssue({ code: "custom", path: ["fields"], message: 'The text of a record is in the field "value": add that field.' });
    }
  });

function topicNames(topics: string): string[] {
  return topics
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}

/** Offsets by topic and partition, or what is wrong with the text. */
function readOffsets(text: string): Record<string, Record<string, number>> | string {
  const offsets: Record<string, Record<string, number>> = {};
  for (const entry of topicNames(text)) {
    const [, topic, partition, offset] = /^([A-Za-z0-9._-]{1,249})\/(\d{1,6})\s*:\s*(\d{1,15})$/.exec(entry) ?? [];
    if (topic === undefined) return `"${entry}" is no offset; write topic/partition: offset, such as payments/0: 1200.`;
    offsets[topic] = { ...offsets[topic], [partition]: Number(offset) };
  }
  return Object.keys(offsets).length > 0 ? offsets : "Write at least one offset, such as payments/0: 1200.";
}

function timeFieldOf({ eventTime, timeField }: { readonly eventTime: string; readonly timeField: string | null }): string | null {
  return eventTime === "record" ? detailFields[1].field.name : timeField;
}

function startOption({ start, startTime, startOffsets }: { start: string; startTime: string; startOffsets: string }): JsonValue {
  if (start === "time") return { timestampMs: parseTimestamp(startTime) };
  const offsets = start === "offsets" ? readOffsets(startOffsets) : "";
  return typeof offsets === "string" ? start : { offsets };
}

export const kafkaSource = defineNode({
  type: "kafka-source",
  version: 1,
  category: "source",
  label: "Kafka",
  summary: "Reads records from topics of Apache Kafka.",
  docs: `Reads one or more topics, every partition with a watermark of its own, and goes on at the right offsets after a restart.

**Connection.** Its name is all that the pipeline holds. The address is a secret of the runtime, \`kafka://user:password@broker1:9092,broker2:9092?tls=true&sasl=scram-sha-256\`, in an environment variable that the message about a missing connection names. \`sasl\` is \`plain\`, \`scram-sha-256\`, \`scram-sha-512\` or \`oauthbearer\` (the password is then the token); with \`tls=true\`, \`ca\`, \`cert\` and \`key\` may name secrets that hold PEM. User and password are percent-encoded. For **Azure Event Hubs** use its Kafka endpoint: \`kafka://$ConnectionString:<the connection string>@<namespace>.servicebus.windows.net:9093?tls=true&sasl=plain\`, with the connection string percent-encoded.

**Where it reads.** Positions live in the pipeline's checkpoints, so that nothing is lost and nothing is read twice. They are also published under the group \`millrace-<pipeline>\`, for tools that show lag; nothing is ever read from there. New partitions, and new topics that a pattern fits, are found while it runs.

**Values** are JSON objects, plain text, raw bytes, or Avro and Protobuf whose schemas a registry has: each value then begins with the id of its schema, as Confluent's serializers write it, so that schemas may change while the pipeline runs. Declare the fields that you need under the names that the schema gives them. Decimals and 64-bit numbers beyond 2^53 come as text, times as timestamps, bytes as base64.

**Event time.** The watermark of the source is that of its slowest partition. A partition without records holds it back until it counts as idle.

${eventTimeDocs}

**Lag** among the counters of the node is how many records the brokers have that were not read yet. While the pipeline is held back, partitions are paused.

**Dead letters.** A value that cannot be decoded, one whose schema cannot be had, an empty one and one above 1 MB go to the port *Dead letters* with topic, partition and offset, and reading goes on; so does a tombstone, unless *Records without a value* says otherwise. So does a record that has come through 16 pipelines: then pipelines feed each other over their topics, for ever. What a pipeline reads from Kafka and writes there says in the header \`millrace-hops\` through how many it has come.

**Pitfall.** When the broker has deleted the records at which the pipeline has to go on, it stops and says so, rather than leave a gap in silence.`,
  icon: "radio-tower",
  channels: (params) => ({ reads: topicNames(params.topics).map((topic) => `kafka ${params.connection} ${topic}`) }),
  inputs: [],
  outputs: sourceOutputs,
  params: kafkaSourceParams,
  headline: (params) => topicNames(params.topics).join(", "),
  lower: ({ params }) => {
    const { details, eventTime } = params;
    const wantsTime = details.time || eventTime === "record";
    const extra: Field[] = [
      ...(details.key ? [detailFields[0].field] : []),
      ...(wantsTime ? [detailFields[1].field] : []),
      ...(details.headers ? [detailFields[2].field] : []),
      ...(details.place ? placeFields : []),
    ];
    const taken = new Set(params.fields.map(({ name }) => name));
    const timeField = timeFieldOf(params);
    const source: Source = {
      op: "source",
      connector: "kafka",
      options: {
        connection: params.connection,
        topics: topicNames(params.topics),
        start: startOption(params),
        until: params.until,
        format: params.format,
        registry: params.registry,
        tombstones: params.tombstones,
        readCommitted: params.isolation === "committed",
        details: {
          key: details.key ? "kafka_key" : null,
          time: wantsTime ? "kafka_time" : null,
          headers: details.headers ? "kafka_headers" : null,
          topic: details.place ? "kafka_topic" : null,
          partition: details.place ? "kafka_partition" : null,
          offset: details.place ? "kafka_offset" : null,
        },
      },
      format: { kind: "json" },
      fields: [...params.fields, ...extra.filter(({ name }) => !taken.has(name))],
      timeField,
      ...watermarkOf(timeField, params),
      pace: null,
    };
    return onSourcePorts(source);
  },
  examples: [
    {
      title: "JSON objects, one of them broken",
      params: {
        connection: "cluster",
        topics: "payments",
        fields: [
          { name: "card", type: "string" },
          { name: "amount", type: "double" },
        ],
      },
      feed: { file: [{ line: '{"card":"4929","amount":12.5}' }, { line: '{"card":' }, { line: '{"card":"5100"}' }] },
      expect: {
        out: [
          { card: "4929", amount: 12.5 },
          { card: "5100", amount: null },
        ],
      },
    },
  ],
});
