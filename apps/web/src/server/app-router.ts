import { list as listAlerts } from "./procedures/alerts/list.ts";
import { list as listConnections } from "./procedures/connections/list.ts";
import { sample as sampleSource } from "./procedures/connections/sample.ts";
import { test as testConnection } from "./procedures/connections/test.ts";
import { list as listDeadLetters } from "./procedures/dead-letters/list.ts";
import { replay as replayDeadLetters } from "./procedures/dead-letters/replay.ts";
import { deploymentsRouter } from "./procedures/deployments/deployments-router.ts";
import { subscribe } from "./procedures/live/subscribe.ts";
import { rows } from "./procedures/live-table/rows.ts";
import { list as listLogs } from "./procedures/logs/list.ts";
import { overview } from "./procedures/metrics/overview.ts";
import { recent } from "./procedures/metrics/recent.ts";
import { pipelinesRouter } from "./procedures/pipelines/pipelines-router.ts";
import { savepointsRouter } from "./procedures/savepoints/savepoints-router.ts";
import { health } from "./procedures/system/health.ts";
import { get as getTemplate } from "./procedures/templates/get.ts";
import { list as listTemplates } from "./procedures/templates/list.ts";
import { router } from "./trpc.ts";

/** Everything that the browser can ask for. */
export const appRouter = router({
  pipelines: pipelinesRouter,
  deployments: deploymentsRouter,
  savepoints: savepointsRouter,
  connections: router({ list: listConnections, test: testConnection, sample: sampleSource }),
  templates: router({ list: listTemplates, get: getTemplate }),
  live: router({ subscribe }),
  alerts: router({ list: listAlerts }),
  liveTable: router({ rows }),
  deadLetters: router({ list: listDeadLetters, replay: replayDeadLetters }),
  logs: router({ list: listLogs }),
  metrics: router({ recent, overview }),
  system: router({ health }),
});

export type AppRouter = typeof appRouter;
