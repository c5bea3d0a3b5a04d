import { flinkCep } from "./cep/flink-cep.ts";
import { matchRecognize } from "./cep/match-recognize.ts";
import { flinkIntervalJoin } from "./joins/flink-interval-join.ts";
import { flinkTemporalJoin } from "./joins/flink-temporal-join.ts";
import { flinkWindowJoin } from "./joins/flink-window-join.ts";
import { kafkaIntegration } from "./joins/kafka-integration.ts";
import { sqlSmoke } from "./sql-smoke/sql-smoke.ts";
import type { Form, Vector, VectorSuite } from "./suite.ts";
import { flinkSqlWindow } from "./windows/flink-sql-window.ts";
import { flinkWindowOperator } from "./windows/flink-window-operator.ts";
import { kafkaWindows } from "./windows/kafka-windows.ts";

/** Every suite. The form of a vector decides which one runs it; no vector has the form of two. */
const suites: readonly VectorSuite[] = [
  suite(flinkCep),
  suite(matchRecognize),
  suite(flinkIntervalJoin),
  suite(flinkTemporalJoin),
  suite(flinkWindowJoin),
  suite(kafkaIntegration),
  suite(flinkWindowOperator),
  suite(flinkSqlWindow),
  suite(kafkaWindows),
  suite(sqlSmoke),
];

/** The suite that runs a vector; undefined when none knows its form. */
export function suiteOf(vector: Form): VectorSuite | undefined {
  return suites.find((candidate) => candidate.matches(vector));
}

function suite<V extends Vector>(of: VectorSuite<V>): VectorSuite {
  // A suite is only ever given vectors of the form that it matches, which its type declares.
  return of as unknown as VectorSuite;
}
