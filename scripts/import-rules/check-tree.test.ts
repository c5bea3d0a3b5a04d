import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { checkTree } from "./check-tree.ts";

let root = "";
afterEach(() => rm(root, { recursive: true, force: true }));

async function makeTree(files: Readonly<Record<string, string>>): Promise<void> {
  root = await mkdtemp(join(tmpdir(), "millrace-rules-"));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
}

const manifests = {
  "package.json": '{ "name": "millrace", "workspaces": ["packages/*"] }',
  "packages/engine/package.json": '{ "name": "@millrace/engine" }',
};

it("reads the sources of every workspace, and none of what was installed or generated", async () => {
  await makeTree({
    ...manifests,
    "packages/engine/src/deep/a.ts": 'import "node:fs";',
    "packages/engine/node_modules/b/b.ts": 'import "node:fs";',
    "packages/engine/src/generated/c.ts": 'import "node:fs";',
  });
  const [engine] = await checkTree(root);
  expect(engine).toMatchObject({ name: "@millrace/engine", files: 1, violations: [{ path: "packages/engine/src/deep/a.ts", line: 1 }] });
});

it("fails when a workspace has no file to read", async () => {
  await makeTree(manifests);
  const [engine] = await checkTree(root);
  expect(engine?.violations).toMatchObject([{ path: "packages/engine" }]);
});
