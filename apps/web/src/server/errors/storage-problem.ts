import { Problem } from "./problem.ts";

const connectionCodes = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOTFOUND",
  "ETIMEDOUT",
  "EPIPE",
  "EHOSTUNREACH",
  "P1000",
  "P1001",
  "P1002",
  "P1003",
  "P1017",
]);

const redisWords =
  /stream isn't writeable|connection is closed|max retries per request|command timed out|NOAUTH|LOADING|READONLY|OOM command/i;
const databaseWords =
  /can't reach database|connection terminated|timeout exceeded when trying to connect|database .* does not exist|relation .* does not exist|too many clients/i;

/** The problem behind an error of Redis or PostgreSQL that says that they cannot be used; null for any other error. */
export function storageProblem(error: unknown): Problem | null {
  for (const link of chain(error)) {
    const name = link.name ?? "";
    const isDatabase = name.startsWith("Prisma") || name === "DriverAdapterError" || databaseWords.test(link.message);
    if (isDatabase && (isConnectionError(error) || databaseWords.test(link.message))) return databaseUnreachable(error);
  }
  if (isConnectionError(error) || chain(error).some((link) => redisWords.test(link.message))) return redisUnreachable(error);
  return null;
}

/** PostgreSQL cannot be used. */
export function databaseUnreachable(cause: unknown): Problem {
  return new Problem({
    transport: "SERVICE_UNAVAILABLE",
    code: "DATABASE_UNREACHABLE",
    message: "The database that keeps the pipelines cannot be reached.",
    fix: "Start PostgreSQL, or check DATABASE_URL. Pipelines that run already go on without it.",
    cause,
  });
}

/** Redis cannot be used. */
export function redisUnreachable(cause: unknown): Problem {
  return new Problem({
    transport: "SERVICE_UNAVAILABLE",
    code: "REDIS_UNREACHABLE",
    message: "Redis, through which the web server talks to the runtime, cannot be reached.",
    fix: "Start Redis, or check REDIS_URL. Drafts can be edited and saved meanwhile.",
    cause,
  });
}

interface Link {
  readonly name: string | undefined;
  readonly code: string | undefined;
  readonly message: string;
}

function isConnectionError(error: unknown): boolean {
  return chain(error).some((link) => link.code !== undefined && connectionCodes.has(link.code));
}

function chain(error: unknown): readonly Link[] {
  const links: Link[] = [];
  let current: unknown = error;
  while (current instanceof Error && links.length < 8) {
    const code = "code" in current && typeof current.code === "string" ? current.code : undefined;
    links.push({ name: current.name, code, message: current.message });
    current = current.cause ?? (current instanceof AggregateError ? current.errors[0] : undefined);
  }
  return links;
}
