import { type Catalogue, createCatalogue } from "@millrace/engine";
import { httpLookup } from "./join/http-lookup.node.ts";
import { intervalJoin } from "./join/interval-join.node.ts";
import { postgresLookup } from "./join/postgres-lookup.node.ts";
import { redisLookup } from "./join/redis-lookup.node.ts";
import { regularJoin } from "./join/regular-join.node.ts";
import { snapshotJoin } from "./join/snapshot-join.node.ts";
import { tableLookup } from "./join/table-lookup.node.ts";
import { temporalJoin } from "./join/temporal-join.node.ts";
import { windowJoin } from "./join/window-join.node.ts";
import { eventPattern } from "./pattern/event-pattern.node.ts";
import { featureFlag } from "./pattern/feature-flag.node.ts";
import { thresholdAlert } from "./pattern/threshold-alert.node.ts";
import { alertInbox } from "./sink/alert-inbox.node.ts";
import { fileSink } from "./sink/file-sink.node.ts";
import { kafkaSink } from "./sink/kafka-sink.node.ts";
import { liveTable } from "./sink/live-table.node.ts";
import { postgresSink } from "./sink/postgres-sink.node.ts";
import { redisFlagsSink } from "./sink/redis-flags-sink.node.ts";
import { redisSink } from "./sink/redis-sink.node.ts";
import { webhookSink } from "./sink/webhook-sink.node.ts";
import { clickGenerator } from "./source/click-generator.node.ts";
import { crmGenerator } from "./source/crm-generator.node.ts";
import { fileSource } from "./source/file-source.node.ts";
import { kafkaSource } from "./source/kafka-source.node.ts";
import { logGenerator } from "./source/log-generator.node.ts";
import { paymentGenerator } from "./source/payment-generator.node.ts";
import { abSplit } from "./transform/ab-split.node.ts";
import { branch } from "./transform/branch.node.ts";
import { deduplicate } from "./transform/deduplicate.node.ts";
import { filter } from "./transform/filter.node.ts";
import { keyBy } from "./transform/key-by.node.ts";
import { mapFields } from "./transform/map-fields.node.ts";
import { rateLimit } from "./transform/rate-limit.node.ts";
import { sample } from "./transform/sample.node.ts";
import { split } from "./transform/split.node.ts";
import { union } from "./transform/union.node.ts";
import { unnest } from "./transform/unnest.node.ts";
import { assignWindows } from "./window/assign-windows.node.ts";
import { countWindow } from "./window/count-window.node.ts";
import { cumulateWindow } from "./window/cumulate-window.node.ts";
import { globalWindow } from "./window/global-window.node.ts";
import { hoppingWindow } from "./window/hopping-window.node.ts";
import { lookBack } from "./window/look-back.node.ts";
import { runningAggregate } from "./window/running-aggregate.node.ts";
import { sessionWindow } from "./window/session-window.node.ts";
import { topN } from "./window/top-n.node.ts";
import { tumblingWindow } from "./window/tumbling-window.node.ts";

/** Every kind of node that Millrace has, in the order of the palette. */
export const catalogue: Catalogue = createCatalogue([
  fileSource,
  kafkaSource,
  logGenerator,
  clickGenerator,
  paymentGenerator,
  crmGenerator,
  filter,
  mapFields,
  keyBy,
  branch,
  split,
  abSplit,
  union,
  deduplicate,
  unnest,
  sample,
  rateLimit,
  tumblingWindow,
  hoppingWindow,
  cumulateWindow,
  sessionWindow,
  countWindow,
  globalWindow,
  runningAggregate,
  assignWindows,
  lookBack,
  topN,
  intervalJoin,
  windowJoin,
  temporalJoin,
  snapshotJoin,
  regularJoin,
  tableLookup,
  redisLookup,
  postgresLookup,
  httpLookup,
  eventPattern,
  thresholdAlert,
  featureFlag,
  kafkaSink,
  postgresSink,
  redisSink,
  redisFlagsSink,
  webhookSink,
  fileSink,
  liveTable,
  alertInbox,
]);
