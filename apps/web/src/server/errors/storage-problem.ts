import { Problem } from "./problem.ts";

/** Of Node's sockets. */
const connectionCodes = new Set(["ECONNREFUSED", "ECONNRESET", "ENOTFOUND", "ETIMEDOUT", "EPIPE", "EHOSTUNREACH"]);

const redisWords =
  /stream isn't writeable|connection is closed|max retries per request|command timed out|NOAUTH|WRONGPASS|LOADING|READONLY|MISCONF|OOM command/i;

/** The problem behind an error of PostgreSQL or Redis that says that they cannot be used; null for any other error. */
export function storageProblem(error: unknown): Problem | null {
  const links = chain(error);
  if (links.some((link) => /^P10\d\d$/.test(link.code) || /too many clients|connection terminated/i.test(link.message)))
    return databaseUnreachable(error);
  if (links.some((link) => link.code === "P2021" || link.code === "P2022")) return databaseOutdated(error);
  if (links.some((link) => connectionCodes.has(link.code) || redisWords.test(link.message))) return redisUnreachable(error);
  return null;
}

function databaseUnreachable(cause: unknown): Problem {
  return new Problem({
    transport: "SERVICE_UNAVAILABLE",
    code: "DATABASE_UNREACHABLE",
    message: "The database that keeps the pipelines cannot be reached.",
    fix: "Start PostgreSQL, or check DATABASE_URL. Pipelines that run already go on without it.",
    cause,
  });
}

function databaseOutdated(cause: unknown): Problem {
  return new Problem({
    transport: "SERVICE_UNAVAILABLE",
    code: "DATABASE_OUTDATED",
    message: "The database lacks tables or columns that this version needs.",
    fix: "Stop Millrace and start it with npm start, which brings the tables up to date.",
    cause,
  });
}

function redisUnreachable(cause: unknown): Problem {
  return new Problem({
    transport: "SERVICE_UNAVAILABLE",
    code: "REDIS_UNREACHABLE",
    message: "Redis, through which the web server talks to the runtime, cannot be reached.",
    fix: "Start Redis, or check REDIS_URL. Drafts can be edited and saved meanwhile.",
    cause,
  });
}

interface Link {
  readonly code: string;
  readonly message: string;
}

/** The error with its causes, outermost first. */
function chain(error: unknown): readonly Link[] {
  const links: Link[] = [];
  let current: unknown = error;
  while (current instanceof Error && links.length < 8) {
    const code = "code" in current && typeof current.code === "string" ? current.code : "";
    links.push({ code, message: current.message });
    current = current.cause ?? (current instanceof AggregateError ? current.errors[0] : undefined);
  }
  return links;
}
