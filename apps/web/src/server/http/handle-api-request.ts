import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { localOwner } from "../actor.ts";
import { appRouter } from "../app-router.ts";
import { Problem } from "../errors/problem.ts";
import { log } from "../log.ts";
import type { Services } from "../services.ts";
import { readBody } from "./read-body.ts";
import { guardRequest, type Refusal, tooLarge } from "./request-guard.ts";

const endpoint = "/api/trpc";

/** Most calls in one request. */
const maxBatchSize = 10;

/** Answers a request to the API: guards first, then the procedures. */
export async function handleApiRequest(request: Request, services: Services): Promise<Response> {
  const url = new URL(request.url);
  const path = url.pathname.slice(endpoint.length + 1);
  const opensStream = path === "live.subscribe";
  const refusal = guardRequest({ method: request.method, headers: request.headers, opensStream }, services.settings.allowedHosts);
  if (refusal !== null) return refuse(refusal, path);

  const body = request.method === "POST" ? await readBody(request) : undefined;
  if (body === null) return refuse(tooLarge(Number(request.headers.get("content-length") ?? 0)), path);
  const guarded = new Request(url, {
    method: request.method,
    headers: request.headers,
    signal: request.signal,
    ...(body === undefined ? {} : { body }),
  });
  return fetchRequestHandler({
    endpoint,
    req: guarded,
    router: appRouter,
    createContext: () => ({ actor: localOwner, services }),
    maxBatchSize,
    onError: ({ error, path: procedure }) => logFailure(error, procedure),
    responseMeta: () => ({ headers: new Headers({ "cache-control": "no-store" }) }),
  });
}

/** What the client did wrong is its own business; what we did wrong is ours. */
function logFailure(error: Error & { readonly code: string; readonly cause?: unknown }, procedure: string | undefined): void {
  if (error instanceof Problem) log.debug({ procedure, problem: error.problem.code }, error.message);
  else if (error.code === "INTERNAL_SERVER_ERROR") log.error({ procedure, err: error.cause ?? error }, "a procedure failed");
}

function refuse({ status, code, message, fix }: Refusal, path: string): Response {
  const data = { code, message, fix, path: path === "" ? null : path.slice(0, 200), httpStatus: status, diagnostics: [], details: {} };
  return Response.json({ error: { message, code: -32600, data } }, { status, headers: { "cache-control": "no-store" } });
}
