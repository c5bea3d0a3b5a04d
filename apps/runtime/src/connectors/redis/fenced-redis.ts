import { ConnectorError, type Delivery, FencedError, type SinkContext } from "@millrace/engine";
import { redisKeys } from "@millrace/protocol";
import type { Redis } from "ioredis";
import type { ConnectorHost } from "../connector-host.ts";
import { connectRedisService, redisUnavailable } from "./redis-connection.ts";

/**
 * A script that writes a delivery and its marker, all or nothing. KEYS[1] is the marker (`checkpoint:token`), ARGV[1] and
 * ARGV[2] are checkpoint and token; the body finds its own keys and arguments behind them, and the `marker` of before.
 * Answers `ok`, `known` (delivered before) or `fenced:<token>`.
 */
export function fencedScript(body: string): string {
  return `
local marker = redis.call('GET', KEYS[1])
local n, token = tonumber(ARGV[1]), tonumber(ARGV[2])
if marker then
  local colon = string.find(marker, ':', 1, true)
  local storedToken = tonumber(string.sub(marker, colon + 1))
  if token < storedToken then return 'fenced:' .. storedToken end
  if n <= tonumber(string.sub(marker, 1, colon - 1)) then return 'known' end
end
${body.trim()}
redis.call('SET', KEYS[1], ARGV[1] .. ':' .. ARGV[2])
return 'ok'
`;
}

/** The newest delivery of a sink and the scripts that add one, in a Redis of the user's, or in Millrace's own where `connection` is null. */
export class FencedRedis {
  readonly #host: ConnectorHost;
  readonly #connection: string | null;
  readonly #marker: string;
  #redis: Redis | null = null;

  constructor(host: ConnectorHost, { pipelineId, sinkId }: SinkContext, connection: string | null) {
    this.#host = host;
    this.#connection = connection;
    this.#marker = redisKeys.delivered(pipelineId, sinkId);
  }

  async delivered(): Promise<number | null> {
    const value = await this.#use((redis) => redis.get(this.#marker));
    return value === null ? null : Number(value.split(":")[0]);
  }

  /** Runs a `fencedScript` with these keys and arguments behind its own. Rejects with a `FencedError` when a later owner has written. */
  async run(
    script: string,
    { checkpoint, fencingToken }: Delivery,
    keys: readonly string[],
    args: readonly (string | number)[],
  ): Promise<void> {
    const answer = await this.#use((redis) =>
      redis.eval(script, 1 + keys.length, this.#marker, ...keys, checkpoint, fencingToken, ...args),
    );
    const text = String(answer);
    if (text.startsWith("fenced:")) throw new FencedError(fencingToken, Number(text.slice("fenced:".length)), "sink");
  }

  close(): void {
    // The runtime's own connection is not a sink's to end.
    this.#redis?.disconnect();
  }

  async #use<T>(action: (redis: Redis) => Promise<T>): Promise<T> {
    const redis = await this.#connected();
    try {
      return await action(redis);
    } catch (cause) {
      throw redisUnavailable(this.#connection, cause instanceof Error ? cause.message : String(cause), cause);
    }
  }

  async #connected(): Promise<Redis> {
    if (this.#connection === null) {
      if (this.#host.redis !== null) return this.#host.redis;
      const message = "This run has no Redis of its own. Name a connection in the settings of the sink.";
      throw new ConnectorError("CONNECTION_MISSING", message, { retryable: false });
    }
    if (this.#redis?.status !== "ready") this.#redis = await connectRedisService(this.#host, this.#connection);
    return this.#redis;
  }
}
