import { describe, expect, it } from "vitest";
import type { Manifest, Workspace } from "../setup/workspaces.ts";
import { checkFile } from "./check-file.ts";
import { mostLines } from "./rules.ts";

function workspace(folder: string, manifest: Manifest): Workspace {
  return { name: manifest.name, folder, manifest };
}

const surroundings = {
  root: { name: "millrace", devDependencies: { vitest: "1.0.0" } },
  workspaces: [
    workspace("packages/engine", { name: "@millrace/engine", exports: { ".": "./src/index.ts" }, dependencies: { zod: "4", react: "19" } }),
    workspace("packages/nodes", {
      name: "@millrace/nodes",
      exports: { ".": "./src/index.ts" },
      dependencies: { "@millrace/engine": "0", zod: "4" },
    }),
    workspace("apps/runtime", {
      name: "@millrace/runtime",
      exports: { ".": "./main.ts" },
      dependencies: { "@millrace/engine": "0", ioredis: "6" },
    }),
    workspace("apps/web", {
      name: "@millrace/web",
      dependencies: { "@millrace/engine": "0", "@millrace/db": "0", "@millrace/runtime": "0", react: "19" },
    }),
    workspace("prisma", { name: "@millrace/db", exports: { ".": "./src/index.ts" } }),
  ],
};

function messagesOf(path: string, text: string): readonly string[] {
  return checkFile(path, text, surroundings).map(({ message }) => message);
}

describe("who may import whom", () => {
  it.each([
    ["packages/engine/src/a.ts", 'import { readFile } from "node:fs";', "node:fs"],
    ["packages/engine/src/a.test.ts", 'import { readFile } from "node:fs";', "node:fs"],
    ["packages/engine/src/a.ts", 'import { useState } from "react";', "imports react, which the engine may not"],
    ["packages/engine/src/a.ts", 'export * from "@millrace/nodes";', "imports @millrace/nodes, which the engine may not"],
    ["packages/engine/src/a.ts", 'const a = await import("@millrace/nodes");', "imports @millrace/nodes, which the engine may not"],
    ["packages/engine/src/a.ts", 'import { it } from "vitest";', "imports vitest, which the engine may not"],
    ["packages/nodes/src/a.ts", 'import { a } from "@millrace/engine/src/a.ts";', "which @millrace/engine does not export"],
    ["packages/nodes/src/a.ts", 'import { a } from "../../engine/src/a.ts";', "reaches out of @millrace/nodes"],
    ["apps/runtime/src/a.ts", 'import { a } from "bullmq";', "imports bullmq, which @millrace/runtime does not declare"],
    ["apps/web/src/server/a.ts", 'import { a } from "@millrace/runtime";', "imports @millrace/runtime, which the web server may not"],
    ["apps/web/src/editor/a.tsx", 'import type { Database } from "@millrace/db";', "imports @millrace/db"],
    ["apps/web/src/editor/a.tsx", 'import { join } from "node:path";', "imports node:path"],
    ["apps/web/src/editor/a.tsx", 'import { a } from "../server/a.ts";', "may only import types"],
    ["other/a.ts", "export {};", "belongs to no part of the house"],
  ])("%s: %s", (path, text, expected) => {
    expect(messagesOf(path, text)).toContainEqual(expect.stringContaining(expected));
  });

  it.each([
    ["packages/engine/src/a.ts", 'import { z } from "zod"; import { b } from "./b.ts";'],
    ["packages/engine/src/a.test.ts", 'import { it } from "vitest";'],
    ["packages/engine/src/window/testing/a.ts", 'import { it } from "vitest";'],
    ["packages/nodes/src/a.ts", 'import { a } from "@millrace/engine";'],
    ["apps/web/src/editor/a.tsx", 'import type { Router } from "../server/router.ts"; export const a = <b />;'],
    ["apps/web/src/server/a.ts", 'import { createDatabase } from "@millrace/db"; import { join } from "node:path";'],
    ["apps/runtime/src/a.ts", 'import { Redis } from "ioredis";'],
  ])("allows %s: %s", (path, text) => {
    expect(messagesOf(path, text)).toEqual([]);
  });

  it("says what to do instead, at the line", () => {
    const [found] = checkFile("packages/engine/src/a.ts", '\nimport "node:fs";\n', surroundings);
    expect(found).toMatchObject({ path: "packages/engine/src/a.ts", line: 2 });
    expect(found?.instead).toContain("declare a port");
  });
});

describe("clock, randomness and host in engine and nodes", () => {
  it.each([
    ["Date.now()", "Date.now"],
    ["new Date()", "new Date()"],
    ["Date()", "new Date()"],
    ["Math.random()", "Math.random"],
    ["performance.now()", "performance"],
    ["setTimeout(() => 1, 5)", "setTimeout"],
    ["globalThis.fetch('x')", "fetch"],
    ["[fetch].length", "fetch"],
    ["({ fetch })", "fetch"],
    ["process.env", "process"],
  ])("finds %s", (expression, name) => {
    expect(messagesOf("packages/nodes/src/a.ts", `export const a = ${expression};`)).toContainEqual(
      expect.stringContaining(`uses ${name}`),
    );
  });

  it.each([
    "new Date(5)",
    "Math.floor(1.5)",
    "clock.setTimeout(5)",
    "({ process: 1 })",
    "(process: number) => process + 1",
    "({ fetch }: { readonly fetch: () => void }) => fetch()",
    "(row: { performance: number }) => row.performance",
    '"Date.now()"',
  ])("allows %s", (expression) => {
    expect(messagesOf("packages/engine/src/a.ts", `export const a = ${expression};`)).toEqual([]);
  });

  it("leaves tests and other packages alone", () => {
    expect(messagesOf("packages/engine/src/a.test.ts", "Date.now();")).toEqual([]);
    expect(messagesOf("apps/runtime/src/a.ts", "Date.now();")).toEqual([]);
  });
});

describe("length and names of files", () => {
  it("refuses a file over the limit", () => {
    expect(messagesOf("apps/runtime/src/a.ts", "// a\n".repeat(mostLines))).toEqual([]);
    expect(messagesOf("apps/runtime/src/a.ts", "// a\n".repeat(mostLines + 1))).toContainEqual(
      expect.stringContaining(`has ${mostLines + 1} lines`),
    );
  });

  it.each(["apps/runtime/src/utils/a.ts", "apps/runtime/src/helpers.ts", "packages/engine/src/common/a.ts"])(
    "refuses the name %s",
    (path) => {
      expect(messagesOf(path, "")).toContainEqual(expect.stringContaining("says nothing"));
    },
  );

  it("refuses a file of types at a package's root", () => {
    expect(messagesOf("packages/engine/src/types.ts", "")).toContainEqual(expect.stringContaining("collects types"));
    expect(messagesOf("packages/engine/src/types/field-type.ts", "")).toEqual([]);
  });
});

describe("a file that cannot be parsed", () => {
  it("is an error, not a file without imports", () => {
    expect(() => messagesOf("packages/engine/src/a.ts", "import {")).toThrow("cannot be parsed");
  });
});
