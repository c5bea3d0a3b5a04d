import { hostname } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { z } from "zod";

const schema = z.object({
  REDIS_URL: z
    .string()
    .regex(/^rediss?:\/\//, "it must look like redis://127.0.0.1:6379")
    .default("redis://127.0.0.1:6379"),
  MILLRACE_RUNTIME_PORT: z.coerce.number().int().min(0).max(65_535).default(4100),
  MILLRACE_DATA: z.string().default(".millrace"),
  MILLRACE_FILES: z.string().optional(),
  MILLRACE_FILES_ALLOW: z.string().default(""),
  MILLRACE_EGRESS_ALLOW: z.string().default(""),
  MILLRACE_LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error"]).default("info"),
});

/** What a runtime is told by its environment. */
export interface RuntimeConfig {
  /** Names this process among the runtimes. */
  readonly runtimeId: string;
  readonly redisUrl: string;
  /** Of `/livez`, `/readyz` and `/metrics`, on the loopback address; 0 = any free one. */
  readonly port: number;
  /** Where pipelines may read and write files; relative paths start in the first. */
  readonly fileFolders: readonly [string, ...string[]];
  /** Where what Node has compiled is kept, so that pipeline processes start quickly. */
  readonly cacheFolder: string;
  readonly egressAllow: string;
  readonly logLevel: string;
}

/** Reads the environment. Throws an error that names the variable and what is wrong with it. */
export function readRuntimeConfig(env: Readonly<Record<string, string | undefined>>): RuntimeConfig {
  const parsed = schema.safeParse(env);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
    throw new Error(`The environment is not usable. ${problems.join("; ")}.`);
  }
  const { data } = parsed;
  const dataPath = resolve(data.MILLRACE_DATA);
  const files = resolve(data.MILLRACE_FILES ?? join(dataPath, "files"));
  const more = data.MILLRACE_FILES_ALLOW.split(delimiter).filter((folder) => folder !== "");
  return {
    runtimeId: `${hostname()}-${process.pid}`,
    redisUrl: data.REDIS_URL,
    port: data.MILLRACE_RUNTIME_PORT,
    fileFolders: [files, ...more.map((folder) => resolve(folder))],
    cacheFolder: join(dataPath, "compile-cache"),
    egressAllow: data.MILLRACE_EGRESS_ALLOW,
    logLevel: data.MILLRACE_LOG_LEVEL,
  };
}
