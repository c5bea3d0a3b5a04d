/** A refusal before any procedure runs. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly fix: string;
}

/** What the guard looks at. */
export interface GuardedRequest {
  readonly method: string;
  readonly headers: Headers;
  /** True for a request that opens a live stream. */
  readonly opensStream: boolean;
}

/** Largest request body, bytes. */
export const bodyLimitBytes = 3 << 20;

/**
 * Keeps other sites away from a server that trusts whoever reaches it. The Host must be one of ours, so that a name
 * which an attacker points at this machine does not work (DNS rebinding). What changes something, and what opens a
 * stream, must come from a page of ours. Everything else must not come from another site.
 */
export function guardRequest(request: GuardedRequest, allowedHosts: readonly string[]): Refusal | null {
  const host = request.headers.get("host");
  if (host === null || !isAllowedHost(host, allowedHosts)) return hostRefused(host);
  if (request.method === "POST") return guardPost(request, host);
  if (request.method !== "GET") return methodRefused(request.method);
  return isOwnPage(request.headers, host, request.opensStream) ? null : originRefused(request.headers, host);
}

/** True for loopback names and addresses and for the hosts that the installation names. */
export function isAllowedHost(host: string, allowedHosts: readonly string[]): boolean {
  const name = hostName(host);
  if (name === null) return false;
  return name === "localhost" || name === "[::1]" || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(name) || allowedHosts.includes(name);
}

function guardPost(request: GuardedRequest, host: string): Refusal | null {
  if (!sameOrigin(request.headers.get("origin"), host)) return originRefused(request.headers, host);
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json") return typeRefused(type ?? "none");
  const length = Number(request.headers.get("content-length") ?? 0);
  return length > bodyLimitBytes ? tooLarge(length) : null;
}

/**
 * Browsers send no Origin with a GET to their own site, but say in Sec-Fetch-Site where the page is; over plain http
 * from another machine they do not, and then the Referer must do. A stream needs one of the three.
 */
function isOwnPage(headers: Headers, host: string, needsProof: boolean): boolean {
  const origin = headers.get("origin");
  if (origin !== null) return sameOrigin(origin, host);
  const site = headers.get("sec-fetch-site");
  if (site !== null) return site === "same-origin" || (site === "none" && !needsProof);
  const referer = headers.get("referer");
  if (referer !== null && URL.canParse(referer)) return new URL(referer).host === host.toLowerCase();
  return !needsProof;
}

function sameOrigin(origin: string | null, host: string): boolean {
  if (origin === null || !URL.canParse(origin)) return false;
  const url = new URL(origin);
  return (url.protocol === "http:" || url.protocol === "https:") && url.host === host.toLowerCase();
}

function hostName(host: string): string | null {
  const match = /^(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::\d{1,5})?$/.exec(host.toLowerCase());
  return match?.[1] ?? null;
}

function hostRefused(host: string | null): Refusal {
  return {
    status: 403,
    code: "HOST_NOT_ALLOWED",
    message: `This server does not answer under the name ${host ?? "(none)"}.`,
    fix: "Open it as http://127.0.0.1 or localhost, or add the name to MILLRACE_ALLOWED_HOSTS.",
  };
}

function originRefused(headers: Headers, host: string): Refusal {
  const from = headers.get("origin") ?? headers.get("sec-fetch-site") ?? headers.get("referer") ?? "an unknown page";
  return {
    status: 403,
    code: "ORIGIN_NOT_ALLOWED",
    message: `A request from ${from} may not use ${host}.`,
    fix: "Use the pages of this server.",
  };
}

function methodRefused(method: string): Refusal {
  return {
    status: 405,
    code: "METHOD_NOT_SUPPORTED",
    message: `${method} is not supported.`,
    fix: "Use GET for queries and POST for mutations.",
  };
}

function typeRefused(type: string): Refusal {
  return { status: 415, code: "MEDIA_TYPE_NOT_SUPPORTED", message: `A body of type ${type} is not taken.`, fix: "Send application/json." };
}

/** The body is longer than `bodyLimitBytes`. */
export function tooLarge(bytes: number): Refusal {
  return {
    status: 413,
    code: "BODY_TOO_LARGE",
    message: `The request has ${bytes} bytes; the limit is ${bodyLimitBytes} bytes.`,
    fix: "A pipeline may have 2 MiB.",
  };
}
