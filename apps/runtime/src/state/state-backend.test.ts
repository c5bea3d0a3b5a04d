import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createMemoryStateBackend } from "@millrace/engine";
import { afterAll, beforeAll, describe } from "vitest";
import { describeStateBackend } from "../testing/state-backend-conformance.ts";
import { createLevelStateBackend } from "./level-state-backend.ts";

let folder = "";
let backends = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "millrace-state-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("in memory", () => describeStateBackend(async () => createMemoryStateBackend()));
describe("in LevelDB", () => describeStateBackend(async () => createLevelStateBackend(join(folder, String(backends++)))));
