/** What the server is told by its environment. */
export interface ServerSettings {
  readonly databaseUrl: string | null;
  readonly redisUrl: string;
  /** Host names (without port) under which the server answers besides loopback. */
  readonly allowedHosts: readonly string[];
}

/** Reads the settings; absent ones have the defaults of a local installation. */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): ServerSettings {
  return {
    databaseUrl: environment.DATABASE_URL ?? null,
    redisUrl: environment.REDIS_URL ?? "redis://127.0.0.1:6379",
    allowedHosts: (environment.MILLRACE_ALLOWED_HOSTS ?? "")
      .split(",")
      .map((host) => host.trim().toLowerCase())
      .filter((host) => host !== ""),
  };
}
