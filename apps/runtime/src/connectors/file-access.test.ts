import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createGuardedFileAccess, type FileAccess } from "./file-access.ts";

let root = "";
let access: FileAccess;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "millrace-access-"));
  await mkdir(join(root, "files", "in"), { recursive: true });
  await mkdir(join(root, "more"));
  await writeFile(join(root, "secret.txt"), "secret");
  access = createGuardedFileAccess([join(root, "files"), join(root, "more")]);
});
afterEach(() => rm(root, { recursive: true, force: true }));

test("paths inside the folders are allowed, existing or not; relative ones start in the first", async () => {
  expect(await access.locate("in/events.ndjson")).toBe(join(root, "files", "in", "events.ndjson"));
  expect(await access.locate("new/deep/out")).toBe(join(root, "files", "new", "deep", "out"));
  expect(await access.locate(join(root, "more", "x"))).toBe(join(root, "more", "x"));
});

test.each(["../secret.txt", "in/../../secret.txt", "/etc/passwd", "../files-not/x", "in/\0x", ""])("%j is refused", async (path) => {
  await expect(access.locate(path)).rejects.toMatchObject({ code: "FILE_NOT_ALLOWED", retryable: false });
});

test("a symbolic link that leads out is refused, also as a folder of a file that does not exist", async () => {
  await symlink(join(root, "secret.txt"), join(root, "files", "link"));
  await symlink(root, join(root, "files", "out"));
  await expect(access.locate("link")).rejects.toMatchObject({ code: "FILE_NOT_ALLOWED" });
  await expect(access.locate("out/new.ndjson")).rejects.toMatchObject({ code: "FILE_NOT_ALLOWED" });
});
