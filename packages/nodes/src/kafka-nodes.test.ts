import { checkGraph, defaultSettings, type GraphNode, type JsonObject } from "@millrace/engine";
import { expect, test } from "vitest";
import { catalogue } from "./catalogue.ts";
import { kafkaSink } from "./sink/kafka-sink.node.ts";
import { kafkaSource } from "./source/kafka-source.node.ts";

const fields = [{ name: "value", type: "string" }];
const sourceParams = (params: JsonObject): JsonObject => ({ connection: "cluster", topics: "payments", fields, ...params });

test.each([
  [{ topics: "pay ments" }, ["topics"]],
  [{ topics: "payments, refunds-*" }, undefined],
  [{ connection: "kafka://broker:9092" }, ["connection"]],
  [{ start: "time", startTime: "2026-11-27T08:00:00" }, ["startTime"]],
  [{ start: "time", startTime: "yesterday, about 8 Z" }, ["startTime"]],
  [{ start: "offsets", startOffsets: "" }, ["startOffsets"]],
  [{ start: "offsets", startOffsets: "payments: 12" }, ["startOffsets"]],
  [{ start: "offsets", startOffsets: "payments/0: 12, payments/1:7" }, undefined],
  [{ format: "avro" }, ["registry"]],
  [{ format: "protobuf", registry: "schemas" }, undefined],
  [{ format: "text", fields: [{ name: "line", type: "string" }] }, ["fields"]],
] as const)("a source refuses %j at %j", (params, paths) => {
  const parsed = kafkaSource.params.safeParse(sourceParams(params));
  expect(parsed.error?.issues.map(({ path }) => path.join("."))).toEqual(paths);
});

test.each([
  ["earliest", {}, "earliest"],
  ["time", { startTime: "1970-01-01T00:00:01Z" }, { timestampMs: 1000 }],
  ["offsets", { startOffsets: "a/0: 5, a/12: 7, b.c/1:0" }, { offsets: { a: { 0: 5, 12: 7 }, "b.c": { 1: 0 } } }],
])("a start at %s goes to the connector as such", (start, more, option) => {
  const params = kafkaSource.params.parse(sourceParams({ start, ...more }));
  const { out } = kafkaSource.lower({ params, inputs: {}, inputLists: {}, inputTypes: {} });
  const operator = "operator" in out ? out.operator : out;
  expect(operator).toMatchObject({ connector: "kafka", options: { start: option } });
});

test("a sink of version 1 loses its choice of acknowledgements", () => {
  const old = { connection: "cluster", topic: "scored", acks: "leader", compression: "zstd" };
  const migrated = kafkaSink.migrateParams?.(old, 1);
  expect(migrated).toEqual({ connection: "cluster", topic: "scored", compression: "zstd" });
  expect(kafkaSink.params.safeParse(migrated).success).toBe(true);
});

test.each([
  [{ topics: "payments" }, { topic: "payments" }, "kafka cluster payments"],
  [{ topics: "audit, pay*" }, { topic: "payments.eu" }, "kafka cluster payments.eu"],
  [{ topics: "payments.eu" }, { topic: "paymentsxeu" }, null],
  [{ topics: "payments" }, { topic: "payments", connection: "other" }, null],
])("K16: a pipeline that reads %j and writes %j feeds itself: %s", (source, sink, channel) => {
  const node = (type: string, version: number, params: JsonObject): GraphNode => ({ type, version, label: "", params, disabled: false });
  const { diagnostics } = checkGraph(
    {
      id: "p",
      name: "p",
      description: "",
      settings: defaultSettings,
      nodes: { in: node("kafka-source", 1, sourceParams(source)), out: node("kafka-sink", 2, { connection: "cluster", ...sink }) },
      edges: [{ from: "in.out", to: "out.in" }],
      tests: [],
    },
    catalogue,
  );
  const found = diagnostics.filter(({ code }) => code === "READS_OWN_OUTPUT");
  expect(found.map(({ place, message }) => [place.node, message.includes(channel ?? "")])).toEqual(channel === null ? [] : [["out", true]]);
});

test("a tombstone needs a key", () => {
  const params = { connection: "cluster", topic: "accounts", tombstoneWhen: "closed" };
  expect(kafkaSink.params.safeParse(params).error?.issues.map(({ path }) => path.join("."))).toEqual(["key"]);
  expect(kafkaSink.params.parse({ ...params, key: "account" })).toMatchObject({ tombstoneWhen: "closed" });
});
