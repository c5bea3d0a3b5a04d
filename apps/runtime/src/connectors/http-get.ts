import { type Agent as HttpAgent, request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import type { EgressPolicy } from "./egress-policy.ts";

/** One GET. */
export interface HttpGet {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Keeps connections open between requests. */
  readonly agent: HttpAgent;
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

/** What came back. */
export interface HttpText {
  readonly status: number;
  readonly text: string;
}

/** Gets once, following no redirects. Rejects when no answer came (refused, reset, aborted, denied by the policy) or it is too long. */
export function httpGet(get: HttpGet, egress: EgressPolicy): Promise<HttpText> {
  egress.checkUrl(get.url);
  const send = get.url.protocol === "https:" ? httpsRequest : httpRequest;
  const { headers, agent, signal } = get;
  return new Promise((resolve, reject) => {
    const request = send(get.url, { method: "GET", headers, agent, lookup: egress.lookupFor(get.url), signal }, (response) => {
      readText(response, get.maxBytes).then((text) => resolve({ status: response.statusCode ?? 0, text }), reject);
    });
    request.on("error", reject);
    request.end();
  });
}

async function readText(response: IncomingMessage, maxBytes: number): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of response) {
    const buffer = Buffer.from(piece);
    bytes += buffer.length;
    if (bytes > maxBytes) {
      response.destroy();
      throw new Error(`the answer is longer than ${maxBytes} bytes`);
    }
    pieces.push(buffer);
  }
  return Buffer.concat(pieces).toString("utf8");
}
