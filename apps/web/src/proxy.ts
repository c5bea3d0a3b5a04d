import { type NextRequest, NextResponse } from "next/server";
import { isAllowedHost } from "./server/http/request-guard.ts";
import { securityHeaders } from "./server/http/security-headers.ts";
import { readSettings } from "./server/settings.ts";

/** Guards every page: the Host must be ours, no page takes a body, and each gets its own nonce for scripts. */
export function proxy(request: NextRequest): NextResponse {
  const { allowedHosts } = readSettings(process.env);
  if (!isAllowedHost(request.headers.get("host") ?? "", allowedHosts)) return plain(403, "This server does not answer under that name.");
  if (request.method !== "GET" && request.method !== "HEAD") return plain(405, "Pages are read with GET.");

  const nonce = btoa(crypto.randomUUID());
  const headers = securityHeaders(nonce, process.env.NODE_ENV === "development");
  const forwarded = new Headers(request.headers);
  forwarded.set("content-security-policy", headers["content-security-policy"]);
  const response = NextResponse.next({ request: { headers: forwarded } });
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
  return response;
}

function plain(status: number, text: string): NextResponse {
  return new NextResponse(text, { status, headers: { "content-type": "text/plain; charset=utf-8" } });
}

/** Pages; the API guards itself, and static files carry no data. */
export const config = { matcher: ["/((?!api/|_next/static|_next/image|favicon.ico|icon.svg).*)"] };
