import type { LookupAddress, lookup } from "node:dns";
import { describe, expect, test } from "vitest";
import { createEgressPolicy } from "./egress-policy.ts";

const closed = createEgressPolicy("");

describe("literal addresses", () => {
  test.each([
    "http://127.0.0.1/",
    "http://127.1/",
    "http://2130706433/",
    "http://0x7f.1/",
    "http://017700000001/",
    "http://0.0.0.0/",
    "http://[::1]/",
    "http://[::]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::127.0.0.1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[2002:7f00:1::]/",
    "http://169.254.169.254/latest/meta-data",
    "http://[fd00:ec2::254]/",
    "http://[fe80::1]/",
    "http://10.1.2.3/",
    "http://172.31.255.255/",
    "http://192.168.0.1/",
    "http://100.64.0.1/",
    "http://224.0.0.1/",
  ])("%s is denied", (url) => {
    expect(() => closed.checkUrl(new URL(url))).toThrow(expect.objectContaining({ code: "EGRESS_DENIED", retryable: false }));
  });

  test.each(["https://93.184.216.34/", "http://172.32.0.1/", "http://[2606:4700::1111]/", "https://example.com/"])("%s passes", (url) => {
    expect(() => closed.checkUrl(new URL(url))).not.toThrow();
  });

  test.each(["file:///etc/passwd", "ftp://example.com/", "http://user:pw@example.com/", "http://good@169.254.169.254/"])(
    "%s is denied",
    (url) => {
      expect(() => closed.checkUrl(new URL(url))).toThrow(expect.objectContaining({ code: "EGRESS_DENIED" }));
    },
  );
});

describe("the allow list", () => {
  test("opens exactly the hosts, ranges and ports that it names", () => {
    const policy = createEgressPolicy("127.0.0.1:9000, 10.0.0.0/8, [::1]:8080");
    const passes = (url: string): boolean => {
      try {
        policy.checkUrl(new URL(url));
        return true;
      } catch {
        return false;
      }
    };
    expect(passes("http://127.0.0.1:9000/")).toBe(true);
    expect(passes("http://127.0.0.1:9001/")).toBe(false);
    expect(passes("http://10.200.0.1/")).toBe(true);
    expect(passes("http://[::1]:8080/")).toBe(true);
    expect(passes("http://[::1]/")).toBe(false);
    expect(passes("http://192.168.0.1/")).toBe(false);
  });
});

describe("names", () => {
  test("that resolve to a denied address are denied when connecting, whichever of their addresses it is", async () => {
    const resolves = fakeLookup([
      { address: "93.184.216.34", family: 4 },
      { address: "127.0.0.1", family: 4 },
    ]);
    await expect(connectAddress(createEgressPolicy("", resolves), "http://rebind.example/")).rejects.toMatchObject({
      code: "EGRESS_DENIED",
    });
    await expect(connectAddress(createEgressPolicy("rebind.example", resolves), "http://rebind.example/")).resolves.toBe("93.184.216.34");
    const open = fakeLookup([{ address: "2606:4700::1111", family: 6 }]);
    await expect(connectAddress(createEgressPolicy("", open), "http://fine.example/")).resolves.toBe("2606:4700::1111");
  });
});

function fakeLookup(addresses: LookupAddress[]): typeof lookup {
  const fake = (_name: string, _options: unknown, callback: (cause: null, found: LookupAddress[]) => void): void =>
    callback(null, addresses);
  return fake as unknown as typeof lookup;
}

function connectAddress(policy: ReturnType<typeof createEgressPolicy>, url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    policy.lookupFor(new URL(url))(new URL(url).hostname, {}, (cause, address) => {
      if (cause === null) resolve(String(address));
      else reject(cause);
    });
  });
}
