import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { repositoryRoot } from "../bootstrap/repository.mjs";
import { longFiles } from "./longest-first.ts";

it.each(longFiles)("%s is still there, so that it is begun first", (file) => {
  expect(existsSync(join(repositoryRoot, file))).toBe(true);
});
