import { join } from "node:path";
import { repositoryRoot } from "../bootstrap/repository.mjs";
import type { ProcessSpec } from "../launcher/managed-process.ts";
import { installedFile, toolEnvironment } from "../setup/run-tool.ts";

/** What the applications are told about where they run. */
export interface ApplicationPlace {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly dataPath: string;
  readonly webPort: number;
  /** Of the runtime's health checks and metrics. */
  readonly runtimePort: number;
}

/** An application of the product: how to run it and where it says that it is ready. */
export interface Application {
  readonly spec: ProcessSpec;
  readonly readyUrl: string;
}

const stopTimeoutMs = 3000;

/** The supervisor of deployments. Serves `/livez`, `/readyz` and `/metrics` on the loopback address. */
export function runtimeApplication(place: ApplicationPlace): Application {
  const folder = join(repositoryRoot, "apps", "runtime");
  return {
    spec: {
      name: "runtime",
      command: process.execPath,
      args: [join(folder, "src", "main.ts")],
      cwd: folder,
      // Where its pipeline processes keep what Node has compiled too.
      env: { ...environment(place), NODE_COMPILE_CACHE: join(place.dataPath, "compile-cache") },
      stopTimeoutMs,
    },
    readyUrl: `${runtimeUrl(place)}/readyz`,
  };
}

/** The editor and its server. */
export function webApplication(place: ApplicationPlace): Application {
  return {
    spec: {
      name: "web",
      command: process.execPath,
      args: [installedFile("next/dist/bin/next"), "start", "--hostname", "127.0.0.1", "--port", String(place.webPort)],
      cwd: join(repositoryRoot, "apps", "web"),
      env: environment(place),
      stopTimeoutMs,
    },
    readyUrl: `${webUrl(place)}/api/health`,
  };
}

/** The address for people. */
export function webUrl(place: ApplicationPlace): string {
  return `http://127.0.0.1:${place.webPort}`;
}

function runtimeUrl(place: ApplicationPlace): string {
  return `http://127.0.0.1:${place.runtimePort}`;
}

function environment(place: ApplicationPlace): NodeJS.ProcessEnv {
  return {
    ...toolEnvironment(),
    NODE_ENV: "production",
    MILLRACE_MODE: "local",
    MILLRACE_DATA: place.dataPath,
    MILLRACE_RUNTIME_PORT: String(place.runtimePort),
    MILLRACE_RUNTIME_URL: runtimeUrl(place),
    DATABASE_URL: place.databaseUrl,
    REDIS_URL: place.redisUrl,
  };
}
