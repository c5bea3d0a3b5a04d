import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { type Clock, ConnectorError } from "@millrace/engine";
import { z } from "zod";
import type { ConnectorHost } from "../../connector-host.ts";
import { type HttpText, httpGet } from "../../http-get.ts";
import { secretVariable } from "../../secret-from-env.ts";

const maxSchemaBytes = 1 << 20;
const answerTimeoutMs = 5000;
const pausesMs = [250, 500, 1000, 2000];
const deepestReferences = 20;

const referenceSchema = z.object({ name: z.string(), subject: z.string(), version: z.int() });
const schemaAnswer = z.object({
  schema: z.string(),
  /** Absent for Avro. */
  schemaType: z.string().default("AVRO"),
  references: z.array(referenceSchema).default([]),
});

/** A schema with all that it refers to. */
export interface RegisteredSchema {
  readonly text: string;
  /** `AVRO`, `PROTOBUF`, … */
  readonly type: string;
  /** By the name under which it is referred to, what others need first. */
  readonly references: readonly { readonly name: string; readonly text: string }[];
}

/** Why a schema cannot be had. It is asked for again later. */
export class SchemaMissing extends Error {}

/** Schemas by their ids, over the HTTP interface that Confluent's registry has and others copy. */
export class SchemaRegistry {
  readonly #base: URL;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #agent: HttpAgent;
  readonly #host: ConnectorHost;
  readonly #clock: Clock;

  /** `name`: of the secret that holds `http(s)://[user:password@]host[:port][/path]`. Throws a `ConnectorError` that never holds it. */
  constructor(host: ConnectorHost, name: string, clock: Clock) {
    const url = registryUrl(host, name);
    const login = url.username === "" ? null : `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    this.#headers = {
      accept: "application/vnd.schemaregistry.v1+json, application/json",
      ...(login === null ? {} : { authorization: `Basic ${Buffer.from(login).toString("base64")}` }),
    };
    url.username = "";
    url.password = "";
    this.#base = url;
    this.#host = host;
    this.#clock = clock;
    this.#agent = url.protocol === "https:" ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true });
    host.egress.checkUrl(url);
  }

  /** Rejects with a `SchemaMissing` when it is not there, or the registry has not answered after some tries. */
  async schema(id: number): Promise<RegisteredSchema> {
    const { schema, schemaType, references } = await this.#get(`schemas/ids/${id}`);
    const found = new Map<string, string>();
    await this.#addReferences(references, found, 0);
    return { text: schema, type: schemaType, references: [...found].map(([name, text]) => ({ name, text })) };
  }

  /** Rejects with a `ConnectorError` when the registry does not answer, or not as one. */
  async countSubjects(): Promise<number> {
    const answer = await this.#answer(this.#url("subjects")).catch((cause: unknown) => {
      if (cause instanceof SchemaMissing) throw unavailable(cause.message, cause);
      throw cause;
    });
    const subjects = answer.status === 200 ? jsonOf(answer.text) : null;
    if (Array.isArray(subjects)) return subjects.length;
    throw unavailable(answer.status === 200 ? "what answers is no schema registry" : `it answered ${answer.status}`, null);
  }

  close(): void {
    this.#agent.destroy();
  }

  async #addReferences(references: readonly z.infer<typeof referenceSchema>[], found: Map<string, string>, depth: number): Promise<void> {
    if (depth > deepestReferences) throw new SchemaMissing(`its references are more than ${deepestReferences} levels deep`);
    for (const { name, subject, version } of references) {
      if (found.has(name)) continue;
      const answer = await this.#get(`subjects/${encodeURIComponent(subject)}/versions/${version}`);
      await this.#addReferences(answer.references, found, depth + 1);
      found.set(name, answer.schema);
    }
  }

  async #get(path: string): Promise<z.infer<typeof schemaAnswer>> {
    const { status, text } = await this.#answer(this.#url(path));
    if (status === 404) throw new SchemaMissing(`the registry has no ${path}`);
    // Redirects are not followed: where they lead was never allowed.
    if (status !== 200) throw new SchemaMissing(`the registry answered ${status} for ${path}`);
    const parsed = schemaAnswer.safeParse(jsonOf(text));
    if (!parsed.success) throw new SchemaMissing(`the registry's answer for ${path} holds no schema`);
    return parsed.data;
  }

  #url(path: string): URL {
    return new URL(path, this.#base.href.endsWith("/") ? this.#base : `${this.#base.href}/`);
  }

  async #answer(url: URL): Promise<HttpText> {
    for (let attempt = 0; ; attempt++) {
      const signal = AbortSignal.timeout(answerTimeoutMs);
      const get = { url, headers: this.#headers, agent: this.#agent, maxBytes: maxSchemaBytes, signal };
      const answer = await httpGet(get, this.#host.egress).catch((cause: unknown) => {
        if (cause instanceof ConnectorError) throw cause;
        return null;
      });
      if (answer !== null && answer.status < 500 && answer.status !== 429) return answer;
      if (attempt >= pausesMs.length) {
        throw new SchemaMissing(answer === null ? "the registry does not answer" : `the registry answered ${answer.status}`);
      }
      await this.#clock.sleep(pausesMs[attempt]);
    }
  }
}

function registryUrl(host: ConnectorHost, name: string): URL {
  const form = "https://user:password@registry.example.com";
  const text = host.secret(name);
  if (text === null) {
    const what = `The schema registry "${name}" is not known to this runtime.`;
    throw new ConnectorError("CONNECTION_MISSING", `${what} Set ${secretVariable(name)} to ${form}.`, { retryable: false });
  }
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url !== null && (url.protocol === "http:" || url.protocol === "https:") && url.search === "") return url;
  const what = `The connection "${name}" cannot be used for a schema registry: it has to look like ${form}.`;
  throw new ConnectorError("CONNECTION_INVALID", what, { retryable: false });
}

function unavailable(reason: string, cause: unknown): ConnectorError {
  return new ConnectorError("REGISTRY_UNAVAILABLE", `The schema registry cannot be used just now: ${reason}.`, { retryable: true, cause });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
