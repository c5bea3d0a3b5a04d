import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import type { EgressPolicy } from "./egress-policy.ts";

/** One POST. */
export interface HttpPost {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** What came back. */
export interface HttpAnswer {
  readonly status: number;
  readonly retryAfter: string | null;
  /** The first 200 characters of the body, control characters removed. */
  readonly excerpt: string;
}

const excerptChars = 200;

/** Posts once, following no redirects. Rejects when no answer came (refused, reset, timed out, denied by the policy). */
export function httpPost(post: HttpPost, egress: EgressPolicy): Promise<HttpAnswer> {
  egress.checkUrl(post.url);
  const send = post.url.protocol === "https:" ? httpsRequest : httpRequest;
  const signal = AbortSignal.any([post.signal, AbortSignal.timeout(post.timeoutMs)]);
  return new Promise((resolve, reject) => {
    const headers = { ...post.headers, "content-length": String(post.body.length) };
    const request = send(post.url, { method: "POST", headers, lookup: egress.lookupFor(post.url), signal }, (response) => {
      readExcerpt(response).then((excerpt) => {
        resolve({ status: response.statusCode ?? 0, retryAfter: response.headers["retry-after"] ?? null, excerpt });
      }, reject);
    });
    request.on("error", reject);
    request.end(post.body);
  });
}

async function readExcerpt(response: IncomingMessage): Promise<string> {
  let text = "";
  response.setEncoding("utf8");
  for await (const piece of response) {
    if (text.length < excerptChars) text += String(piece);
    else break;
  }
  response.destroy();
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
  return text.slice(0, excerptChars).replace(/[\u0000-\u001f\u007f]/g, " ");
}
