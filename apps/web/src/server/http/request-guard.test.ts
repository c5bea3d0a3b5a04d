import { describe, expect, it } from "vitest";
import { bodyLimitBytes, guardRequest, isAllowedHost } from "./request-guard.ts";

const host = "127.0.0.1:3210";

function guard(method: string, headers: Readonly<Record<string, string>>, opensStream = false): string | null {
  return guardRequest({ method, headers: new Headers({ host, ...headers }), opensStream }, ["millrace.example"])?.code ?? null;
}

describe("hosts", () => {
  it.each(["localhost", "localhost:3210", "127.0.0.1", "127.8.9.1:80", "[::1]:3210", "LOCALHOST", "millrace.example:443"])(
    "answers under %s",
    (name) => {
      expect(isAllowedHost(name, ["millrace.example"])).toBe(true);
    },
  );

  it.each([
    "evil.example",
    "localhost.evil.example",
    "127.0.0.1.nip.io",
    "evil.example:3210",
    "",
    "127.0.0.1@evil.example",
    "169.254.169.254",
    "[::ffff:8.8.8.8]",
  ])("does not answer under %s", (name) => {
    expect(isAllowedHost(name, ["millrace.example"])).toBe(false);
  });
});

describe("mutations", () => {
  const json = { "content-type": "application/json" };

  it("come from a page of this server", () => expect(guard("POST", { origin: `http://${host}`, ...json })).toBeNull());

  it.each(["https://evil.example", "null", "http://127.0.0.1:9999", `http://${host}.evil.example`, "http://sub.127.0.0.1:3210", "file://"])(
    "are refused from %s",
    (origin) => expect(guard("POST", { origin, ...json })).toBe("ORIGIN_NOT_ALLOWED"),
  );

  it("are refused without an origin", () => expect(guard("POST", json)).toBe("ORIGIN_NOT_ALLOWED"));

  it.each(["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])(
    "are refused as %s, which a form of any site could send",
    (type) => {
      expect(guard("POST", { origin: `http://${host}`, "content-type": type })).toBe("MEDIA_TYPE_NOT_SUPPORTED");
    },
  );

  it("are refused when they say that they are too long", () => {
    expect(guard("POST", { origin: `http://${host}`, ...json, "content-length": String(bodyLimitBytes + 1) })).toBe("BODY_TOO_LARGE");
  });
});

describe("streams", () => {
  it.each([{ "sec-fetch-site": "same-origin" }, { origin: `http://${host}` }, { referer: `http://${host}/pipelines/a/run` }])(
    "are opened by %o",
    (headers) => {
      expect(guard("GET", headers, true)).toBeNull();
    },
  );

  it.each([
    {},
    { origin: "null" },
    { origin: "https://evil.example" },
    { origin: `https://app.${host}` },
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
    { "sec-fetch-site": "none" },
    { referer: "https://evil.example/127.0.0.1:3210" },
    { origin: "https://evil.example", "sec-fetch-site": "same-origin" },
  ])("are refused with %o", (headers) => {
    expect(guard("GET", headers, true)).toBe("ORIGIN_NOT_ALLOWED");
  });
});

describe("queries", () => {
  it("may be typed into the address bar or asked by a program", () => {
    expect(guard("GET", { "sec-fetch-site": "none" })).toBeNull();
    expect(guard("GET", {})).toBeNull();
  });

  it("are refused from other sites", () => expect(guard("GET", { "sec-fetch-site": "cross-site" })).toBe("ORIGIN_NOT_ALLOWED"));
});

it("knows no other methods", () => {
  for (const method of ["PUT", "DELETE", "PATCH", "TRACE"])
    expect(guard(method, { origin: `http://${host}` })).toBe("METHOD_NOT_SUPPORTED");
});
