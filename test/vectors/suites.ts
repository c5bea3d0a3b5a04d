import { flinkCep } from "./cep/flink-cep.ts";
import { flinkIntervalJoin } from "./joins/flink-interval-join.ts";
import { flinkTemporalJoin } from "./joins/flink-temporal-join.ts";
import { flinkWindowJoin } from "./joins/flink-window-join.ts";
import { kafkaIntegration } from "./joins/kafka-integration.ts";
import { kafkaStreamStream } from "./joins/kafka-stream-stream.ts";
import type { Vector, VectorSuite } from "./suite.ts";
import { flinkSqlWindow } from "./windows/flink-sql-window.ts";
import { flinkWindowOperator } from "./windows/flink-window-operator.ts";
import { kafkaWindows } from "./windows/kafka-windows.ts";

/** Every suite, by the name of the file that it runs. */
export const suites: ReadonlyMap<string, VectorSuite> = new Map([
  ...flinkCep.map(entry),
  entry(flinkIntervalJoin),
  entry(flinkTemporalJoin),
  entry(flinkWindowJoin),
  entry(kafkaStreamStream),
  entry(kafkaIntegration),
  entry(flinkWindowOperator),
  entry(flinkSqlWindow),
  entry(kafkaWindows),
]);

function entry<V extends Vector>(suite: VectorSuite<V>): readonly [string, VectorSuite] {
  // A suite is only ever given the vectors of its own file, whose form its type declares.
  return [suite.file, suite as unknown as VectorSuite];
}
