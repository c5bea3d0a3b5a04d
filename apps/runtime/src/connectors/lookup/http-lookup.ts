import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import {
  ConnectorError,
  type Field,
  type LookupAnswer,
  type LookupConnector,
  type LookupContext,
  type LookupKey,
  type LookupReader,
  lookupRow,
} from "@millrace/engine";
import { z } from "zod";
import type { ConnectorHost } from "../connector-host.ts";
import { type HttpText, httpGet } from "../http-get.ts";
import { secretVariable } from "../secret-from-env.ts";
import { fillTemplate, templateParts } from "./filled-template.ts";

const options = z.object({ member: z.string(), secret: z.string().nullable(), headers: z.record(z.string(), z.string()) });
const maxAnswerBytes = 1 << 20;
const missing: ReadonlySet<number> = new Set([204, 404, 410]);
const passing: ReadonlySet<number> = new Set([408, 425, 429]);

/** Rows as JSON objects from a service, one GET a key. Values are encoded into the address; the host is part of the pipeline. */
export function createHttpLookup(host: ConnectorHost): LookupConnector {
  return {
    async open(context) {
      return new HttpReader(host, context);
    },
  };
}

class HttpReader implements LookupReader {
  readonly maxKeys = 1;
  readonly #host: ConnectorHost;
  readonly #fields: readonly Field[];
  readonly #parts: readonly string[];
  readonly #member: readonly string[];
  readonly #headers: Readonly<Record<string, string>>;
  readonly #agent: HttpAgent;

  constructor(host: ConnectorHost, context: LookupContext) {
    const { member, secret, headers } = options.parse(context.options);
    this.#host = host;
    this.#fields = context.fields;
    this.#parts = templateParts(context.options.parts);
    this.#member = member === "" ? [] : member.split(".");
    this.#headers = { accept: "application/json", ...headers, ...authorization(host, secret) };
    this.#agent = /^https:/i.test(this.#parts[0]) ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true });
  }

  async lookup([key]: readonly LookupKey[], signal: AbortSignal): Promise<readonly LookupAnswer[]> {
    const text = fillTemplate(this.#parts, key, encodeURIComponent);
    const [path] = text.split(/[?#]/, 1);
    // The address would be shortened by them: a value has to stay in its place.
    if (path.split("/").some((segment) => /^(?:\.|%2e){1,2}$/i.test(segment))) {
      return [{ kind: "failed", reason: `"." and ".." cannot be part of the path of ${path}` }];
    }
    const url = new URL(text);
    const get = { url, headers: this.#headers, agent: this.#agent, maxBytes: maxAnswerBytes, signal };
    const answer = await httpGet(get, this.#host.egress).catch((cause: unknown) => {
      if (cause instanceof ConnectorError) throw cause;
      throw unavailable(url, cause instanceof Error ? cause.message : String(cause), cause);
    });
    return [this.#answer(url, answer)];
  }

  async close(): Promise<void> {
    this.#agent.destroy();
  }

  #answer(url: URL, { status, text }: HttpText): LookupAnswer {
    if (missing.has(status)) return { kind: "none" };
    if (passing.has(status) || status >= 500) throw unavailable(url, `it answered ${status}`, null);
    if (status !== 200) return { kind: "failed", reason: `${url.host} answered ${status}` };
    const found = this.#member.reduce<unknown>(memberOf, readJson(text));
    if (found === null) return { kind: "none" };
    if (isObject(found)) return lookupRow(this.#fields, found);
    const where = this.#member.length === 0 ? "" : ` at ${this.#member.join(".")}`;
    return { kind: "failed", reason: `the answer of ${url.host} has no JSON object${where}` };
  }
}

function authorization(host: ConnectorHost, secret: string | null): Readonly<Record<string, string>> {
  if (secret === null) return {};
  const value = host.secret(secret);
  if (value !== null) return { authorization: `Bearer ${value}` };
  const message = `The secret "${secret}" is not known to this runtime. Set ${secretVariable(secret)}.`;
  throw new ConnectorError("SECRET_MISSING", message, { retryable: false });
}

function unavailable(url: URL, reason: string, cause: unknown): ConnectorError {
  return new ConnectorError("LOOKUP_UNAVAILABLE", `${url.host} gives no answer: ${reason}`, { retryable: true, cause });
}

function memberOf(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
