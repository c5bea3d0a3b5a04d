import { lookup as systemLookup } from "node:dns";
import type { LookupFunction } from "node:net";
import { ConnectorError } from "@millrace/engine";
import { type IpBytes, parseIp, parseIpRange, samePrefix } from "./ip-address.ts";

/** Where connectors may connect to. Decided on the resolved address at the moment of connecting, so that a name cannot change its mind. */
export interface EgressPolicy {
  /** Throws a `ConnectorError` with code `EGRESS_DENIED` when the URL itself is not acceptable (scheme, credentials, literal address). */
  checkUrl(url: URL): void;
  /** A DNS lookup for the connection to `url` that fails for addresses which are denied. */
  lookupFor(url: URL): LookupFunction;
}

const deniedRanges = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "224.0.0.0/4",
  "240.0.0.0/4",
  "::/127",
  "64:ff9b:1::/48",
  "100::/64",
  "2001::/32",
  "fc00::/7",
  "fe80::/10",
  "fec0::/10",
  "ff00::/8",
].map((range) => requireRange(range));

/**
 * Denies loopback, private, link-local (metadata services), shared, multicast and reserved addresses unless
 * `allow` lists them: comma-separated hosts, addresses or CIDR ranges, each with an optional `:port`.
 */
export function createEgressPolicy(allow: string, lookup: typeof systemLookup = systemLookup): EgressPolicy {
  const rules = allow
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "")
    .map(parseRule);
  const allowed = (host: string, port: number, address: IpBytes): boolean =>
    rules.some((rule) => {
      if (rule.port !== null && rule.port !== port) return false;
      if (rule.range !== null) return samePrefix(rule.range.base, address, rule.range.prefixBits);
      return rule.host === host;
    });
  const verdict = (url: URL, address: string): ConnectorError | null => {
    const bytes = parseIp(address);
    if (bytes === null) return denied(url, `its address ${address} cannot be judged`);
    if (!isDenied(bytes) || allowed(hostOf(url), portOf(url), bytes)) return null;
    return denied(url, "its address is loopback, private or reserved");
  };
  return {
    checkUrl(url) {
      if (url.protocol !== "http:" && url.protocol !== "https:") throw denied(url, `only http and https are possible, not ${url.protocol}`);
      if (url.username !== "" || url.password !== "") throw denied(url, "it carries credentials; use a secret instead");
      const problem = parseIp(url.hostname) === null ? null : verdict(url, url.hostname);
      if (problem !== null) throw problem;
    },
    lookupFor(url) {
      return (hostname, options, callback) => {
        lookup(hostname, { ...options, all: true }, (cause, addresses) => {
          if (cause !== null) return callback(cause, []);
          const problem = addresses.map(({ address }) => verdict(url, address)).find((found) => found !== null);
          if (problem !== undefined && problem !== null) return callback(problem, []);
          if (options.all === true) return callback(null, addresses);
          callback(null, addresses[0].address, addresses[0].family);
        });
      };
    },
  };
}

/** The same policy; `denial` is what it refused last, for clients that do not hand on why they could not connect. */
export function rememberDenial(policy: EgressPolicy): EgressPolicy & { readonly denial: ConnectorError | null } {
  let denial: ConnectorError | null = null;
  const note = (cause: unknown): void => {
    if (cause instanceof ConnectorError) denial = cause;
  };
  return {
    get denial() {
      return denial;
    },
    checkUrl(url) {
      try {
        policy.checkUrl(url);
      } catch (cause) {
        note(cause);
        throw cause;
      }
    },
    lookupFor(url) {
      const lookup = policy.lookupFor(url);
      return (hostname, options, callback) =>
        lookup(hostname, options, (cause, address, family) => {
          note(cause);
          callback(cause, address, family);
        });
    },
  };
}

function isDenied(address: IpBytes): boolean {
  return deniedRanges.some((range) => samePrefix(range.base, address, range.prefixBits));
}

function denied(url: URL, reason: string): ConnectorError {
  const advice = "An administrator can list the host in MILLRACE_EGRESS_ALLOW.";
  return new ConnectorError("EGRESS_DENIED", `Connections to ${url.host} are denied: ${reason}. ${advice}`, { retryable: false });
}

function hostOf(url: URL): string {
  return url.hostname.toLowerCase().replace(/\.$/, "");
}

function portOf(url: URL): number {
  if (url.port !== "") return Number(url.port);
  return url.protocol === "https:" ? 443 : 80;
}

interface Rule {
  readonly host: string;
  readonly range: ReturnType<typeof parseIpRange>;
  readonly port: number | null;
}

function parseRule(entry: string): Rule {
  const whole = parseIpRange(entry);
  if (whole !== null) return { host: entry, range: whole, port: null };
  const [, name, port] = /^(.*?)(?::(\d{1,5}))?$/.exec(entry) ?? [];
  return { host: name.toLowerCase(), range: parseIpRange(name), port: port === undefined ? null : Number(port) };
}

function requireRange(text: string): { readonly base: IpBytes; readonly prefixBits: number } {
  const range = parseIpRange(text);
  if (range === null) throw new Error(`not a range of addresses: ${text}`);
  return range;
}
