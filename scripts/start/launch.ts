import { deployMigrations } from "@millrace/db/deploy-migrations";
import { reportStep } from "../bootstrap/report-step.mjs";
import { startStepCount } from "../bootstrap/step-counts.mjs";
import type { DataFolder } from "../launcher/data-folder.ts";
import { LauncherError } from "../launcher/launcher-error.ts";
import { startProcess } from "../launcher/managed-process.ts";
import { chooseRememberedPort, chooseWebPort } from "../launcher/ports.ts";
import { type ReachableService, startPostgres, startRedis } from "../launcher/start-services.ts";
import type { Supervisor } from "../launcher/supervisor.ts";
import { waitUntilReady } from "../launcher/wait-until-ready.ts";
import { buildWeb } from "../setup/build-web.ts";
import { type Application, type ApplicationPlace, runtimeApplication, webApplication, webUrl } from "./applications.ts";

const serviceStage = 0;
const applicationStage = 1;
const readyTimeoutMs = 60_000;
const preferredWebPort = 3210;

export interface LaunchOptions {
  readonly folder: DataFolder;
  readonly supervisor: Supervisor;
  readonly environment: NodeJS.ProcessEnv;
  /** Aborted when the start is called off. */
  readonly signal: AbortSignal;
}

/** Brings the product up, step by step, and returns its address. What it started is in the supervisor's hands, also when it rejects. */
export async function launch(options: LaunchOptions): Promise<string> {
  const { folder, supervisor, environment, signal } = options;
  const choosePort = () => chooseWebPort(environment.MILLRACE_PORT, preferredWebPort);
  // Found out first, while nothing has been started yet, and again when it is taken: minutes of building may lie between.
  await choosePort();
  const postgres = await step(3, "Start PostgreSQL", signal, () => startPostgres(folder, environment.DATABASE_URL));
  hand(supervisor, postgres);
  const redis = await step(4, "Start Redis", signal, () => startRedis(folder, environment.REDIS_URL));
  hand(supervisor, redis);
  await step(5, "Update the database's tables", signal, () => migrate(postgres.url));
  await step(6, "Build the web application", signal, () => buildWeb(signal));
  const place: ApplicationPlace = {
    databaseUrl: postgres.url,
    redisUrl: redis.url,
    dataPath: folder.path,
    webPort: await choosePort(),
    runtimePort: await chooseRememberedPort(folder, "runtime"),
  };
  const applications = [runtimeApplication(place), webApplication(place)];
  await step(7, "Start the runtime and the web application", signal, () => startApplications(applications, options));
  return webUrl(place);
}

async function step<T>(number: number, title: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  return reportStep({ number, of: startStepCount, title }, work);
}

function hand(supervisor: Supervisor, { service }: ReachableService): void {
  if (service !== null) supervisor.watch(serviceStage, service.process, () => service.restart());
}

async function startApplications(applications: readonly Application[], options: LaunchOptions): Promise<void> {
  const outcomes = await Promise.allSettled(applications.map((application) => startApplication(application, options)));
  const failed = outcomes.find((outcome) => outcome.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}

async function startApplication(application: Application, { folder, supervisor, signal }: LaunchOptions): Promise<void> {
  const start = () => startProcess(folder, application.spec);
  const started = await start();
  try {
    await waitUntilReady(started, application.readyUrl, readyTimeoutMs, signal);
  } catch (error) {
    await started.stop();
    throw error;
  }
  supervisor.watch(applicationStage, started, start);
}

async function migrate(url: string): Promise<void> {
  try {
    await deployMigrations(url);
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw new LauncherError(`The database's tables could not be brought up to date: ${words}`, "", error);
  }
}
