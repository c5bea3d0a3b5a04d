import { defineNode, type NamedExpression, type OperatorOutput, outputOf, type Project, param, type Sink } from "@millrace/engine";
import { quoteName } from "../transform/quote-name.ts";
import { sinkInputs } from "./sink-input.ts";

const keyMember = "_kafka_key";
const partitionMember = "_kafka_partition";
const tombstoneMember = "_kafka_tombstone";
const headerMember = (index: number): string => `_kafka_header_${index}`;

const kafkaSinkParams = param
  .params({
    connection: param.connection({ label: "Connection", service: "kafka" }),
    topic: param.text({ label: "Topic", placeholder: "scored-payments", maxLength: 249 }),
    key: param.optionalExpression({ label: "Key", help: "Records of one key stay in order, in one partition. Empty: they are spread." }),
    mode: param.choice({
      label: "Rows",
      default: "append",
      options: [
        { value: "append", label: "Each row is a record" },
        {
          value: "upsert",
          label: "The newest row of each key",
          help: "For compacted topics: a row that is taken back becomes a tombstone.",
        },
      ],
    }),
    headers: param.namedExpressions({ label: "Headers", default: [], min: 0, advanced: true, help: "A name and an expression for each." }),
    partition: param.optionalExpression({
      label: "Partition",
      result: "numeric",
      advanced: true,
      help: "Its number. Empty, or where it is NULL: the key decides, as with Kafka's own clients.",
    }),
    tombstoneWhen: param.optionalExpression({
      label: "Without a value when",
      result: "boolean",
      advanced: true,
      help: "Such as state = 'closed'. Where it is true, a tombstone is written for the key: compacted topics then forget it.",
    }),
    createTopic: param.toggle({ label: "Create the topic", default: false, advanced: true, help: "When it is missing." }),
    partitions: param.number({
      label: "Partitions",
      default: 3,
      min: 1,
      max: 10_000,
      integer: true,
      advanced: true,
      visibleWhen: { param: "createTopic", equals: [true] },
      help: "Of the topic that is created.",
    }),
    compression: param.choice({
      label: "Compression",
      default: "none",
      advanced: true,
      options: [
        { value: "none", label: "None" },
        { value: "gzip", label: "gzip" },
        { value: "snappy", label: "Snappy" },
        { value: "lz4", label: "LZ4" },
        { value: "zstd", label: "Zstandard" },
      ],
    }),
  })
  .superRefine(({ topic, mode, key, tombstoneWhen }, context) => {
    if (!/^[A-Za-z0-9._-]*$/.test(topic)) {
      context.addIssue({
        code: "custom",
        path: ["topic"],
        message: `"${topic}" is no name of a topic: letters, digits, ".", "_" and "-".`,
      });
    }
    if (tombstoneWhen !== null && key === null) {
      context.addIssue({ code: "custom", path: ["key"], message: "A tombstone is about a key: write the expression for it." });
    }
    if (mode === "upsert" && key === null) {
      context.addIssue({ code: "custom", path: ["key"], message: "The newest row of each key needs a key: write the expression for it." });
    }
  });

export const kafkaSink = defineNode({
  type: "kafka-sink",
  version: 2,
  category: "sink",
  label: "Kafka",
  summary: "Writes records to a topic of Apache Kafka, exactly once.",
  delivery: { exactlyOnce: true, immediate: true },
  docs: `Writes each record as a JSON object to a topic.

**Exactly once.** The records of a checkpoint are written in one transaction, together with the checkpoint's number in the compacted topic \`millrace-commits\`. A reader of committed records (\`isolation.level=read_committed\`) sees each of them once, whatever dies on either side. They appear when the checkpoint is committed, about once a second; a pipeline that delivers *at least once* writes them at once, and idempotently.

**Key, partition and headers** are expressions over the record. Without a partition the key decides it, so that records of one key stay in order. Every write is idempotent and acknowledged by all replicas in sync.

**Rows that are replaced** come from windows that update, from joins of tables and from running results. *Each row is a record* writes them with \`_op\`, as \`+I\`, \`-U\`, \`+U\` and \`-D\`; *The newest row of each key* writes what a compacted topic wants.

**Pitfalls.** A record above 1 MB goes to the dead letters. A pipeline cannot write to a topic that it reads: its own results would come back for ever. Over several pipelines such a loop is found by the header \`millrace-hops\`, which counts them.`,
  icon: "send",
  channels: (params) => ({ writes: [`kafka ${params.connection} ${params.topic}`] }),
  inputs: sinkInputs,
  outputs: [],
  params: kafkaSinkParams,
  headline: (params) => (params.key === null ? params.topic : `${params.topic} by ${params.key}`),
  lower: ({ params, inputs, inputTypes }) => {
    const hidden: NamedExpression<string>[] = [
      ...(params.key === null ? [] : [{ name: keyMember, value: `CAST(${params.key} AS STRING)` }]),
      ...(params.partition === null ? [] : [{ name: partitionMember, value: `CAST(${params.partition} AS BIGINT)` }]),
      ...(params.tombstoneWhen === null ? [] : [{ name: tombstoneMember, value: params.tombstoneWhen }]),
      ...params.headers.map(({ value }, i) => ({ name: headerMember(i), value: `CAST(${value} AS STRING)` })),
    ];
    const kept = inputTypes.in.fields.map(({ name }) => ({ name, value: quoteName(name) }));
    const project: Project<string, OperatorOutput> = { op: "project", input: inputs.in, fields: [...hidden, ...kept] };
    const sink: Sink<OperatorOutput> = {
      op: "sink",
      input: hidden.length === 0 ? inputs.in : outputOf(project),
      connector: "kafka",
      options: {
        connection: params.connection,
        topic: params.topic,
        keyMember: params.key === null ? null : keyMember,
        partitionMember: params.partition === null ? null : partitionMember,
        tombstoneMember: params.tombstoneWhen === null ? null : tombstoneMember,
        headerMembers: Object.fromEntries(params.headers.map(({ name }, i) => [name, headerMember(i)])),
        upsert: params.mode === "upsert",
        createPartitions: params.createTopic ? params.partitions : null,
        compression: params.compression,
      },
      format: { kind: "json" },
    };
    return { sink };
  },
  // Version 1 could choose acknowledgements; writing idempotently always needs those of all replicas.
  migrateParams: (params) => {
    if (typeof params !== "object" || params === null || Array.isArray(params)) return params;
    return Object.fromEntries(Object.entries(params).filter(([name]) => name !== "acks"));
  },
  examples: [
    {
      title: "Keyed by card",
      params: { connection: "cluster", topic: "scored-payments", key: "card" },
      feed: { in: [{ card: "4929", score: 70 }] },
      expect: { sink: [{ _kafka_key: "4929", card: "4929", score: 70 }] },
    },
  ],
});
