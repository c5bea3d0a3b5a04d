import { isIP, isIPv4 } from "node:net";

/** An IP address as bytes: 4 or 16. */
export type IpBytes = readonly number[];

/** Bytes of an address in any spelling that `net.isIP` accepts; null for anything else. IPv4 inside IPv6 is unwrapped. */
export function parseIp(text: string): IpBytes | null {
  const bare = text.startsWith("[") && text.endsWith("]") ? text.slice(1, -1) : text;
  const address = bare.split("%")[0];
  if (isIP(address) === 0) return null;
  if (isIPv4(address)) return address.split(".").map(Number);
  return unwrap(parseIpv6(address));
}

/** True when the first `prefixBits` of both addresses are the same; addresses of different families never are. */
export function samePrefix(a: IpBytes, b: IpBytes, prefixBits: number): boolean {
  if (a.length !== b.length) return false;
  for (let bit = 0; bit < prefixBits; bit++) {
    const mask = 0x80 >> (bit & 7);
    if ((a[bit >> 3] & mask) !== (b[bit >> 3] & mask)) return false;
  }
  return true;
}

/** A range of addresses in CIDR form, or a single address; null when it is neither. */
export function parseIpRange(text: string): { readonly base: IpBytes; readonly prefixBits: number } | null {
  const [address, prefix, ...rest] = text.split("/");
  const base = rest.length === 0 ? parseIp(address) : null;
  if (base === null) return null;
  if (prefix === undefined) return { base, prefixBits: base.length * 8 };
  const prefixBits = Number(prefix);
  return /^\d{1,3}$/.test(prefix) && prefixBits <= base.length * 8 ? { base, prefixBits } : null;
}

function parseIpv6(address: string): number[] {
  const [left, right] = address.split("::");
  const head = groups(left);
  if (right === undefined) return head;
  const tail = groups(right);
  return [...head, ...new Array<number>(16 - head.length - tail.length).fill(0), ...tail];
}

function groups(text: string): number[] {
  if (text === "") return [];
  return text.split(":").flatMap((group) => {
    if (group.includes(".")) return group.split(".").map(Number);
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
}

/** Mapped (`::ffff:0:0/96`), compatible (`::/96`), NAT64 (`64:ff9b::/96`) and 6to4 (`2002::/16`) carry an IPv4 address that is the real target. */
function unwrap(bytes: readonly number[]): IpBytes {
  const high = bytes.slice(0, 12);
  const zeros = high.every((byte) => byte === 0);
  const mapped = high.slice(0, 10).every((byte) => byte === 0) && high[10] === 0xff && high[11] === 0xff;
  const nat64 = high[0] === 0 && high[1] === 0x64 && high[2] === 0xff && high[3] === 0x9b && high.slice(4).every((byte) => byte === 0);
  const low = bytes.slice(12);
  if (mapped || nat64) return low;
  if (zeros && (low[0] !== 0 || low[1] !== 0)) return low;
  if (bytes[0] === 0x20 && bytes[1] === 0x02) return bytes.slice(2, 6);
  return bytes;
}
