import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";

const binary = fileURLToPath(new URL("../../bin/millrace.mjs", import.meta.url));
/** What is run with many times the keys that may be in memory. */
interface Case {
  readonly name: string;
  readonly keys: number;
  readonly hotKeys: number;
  /** The node between source and sink: of every key it says something once, when that comes for the first or the second time. */
  readonly node: object;
}

const cases: readonly Case[] = [
  {
    name: "a deduplication",
    keys: 300_000,
    hotKeys: 20_000,
    node: { type: "deduplicate", version: 1, params: { keyBy: ["id"], ttl: "1d" } },
  },
  {
    name: "a pattern",
    keys: 100_000,
    hotKeys: 5000,
    node: {
      type: "event-pattern",
      version: 1,
      params: {
        keyBy: ["id"],
        stages: [
          { name: "first", where: "TRUE" },
          { name: "again", where: "at > first.at" },
        ],
        within: "1d",
        measures: [{ name: "gap", value: "LAST(again.at) - FIRST(first.at)" }],
      },
    },
  },
];

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "millrace-large-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Every key once, in an order that looks like chance; then all of them again. */
function lines(keys: number): string {
  const all: string[] = [];
  for (let i = 0; i < keys * 2; i++) all.push(`{"id":"payment ${(i * 7919) % keys}","at":${1_700_000_000_000 + i}}`);
  return `${all.join("\n")}\n`;
}

const pipelineOf = ({ node }: Case): string =>
  JSON.stringify({
    formatVersion: 1,
    pipeline: {
      id: "large",
      name: "Large",
      settings: { checkpointInterval: "100ms", state: "disk" },
      nodes: {
        payments: {
          type: "file-source",
          version: 1,
          params: {
            path: "payments.ndjson",
            fields: [
              { name: "id", type: "string" },
              { name: "at", type: "timestamp" },
            ],
            timeField: "at",
          },
        },
        once: node,
        result: { type: "file-sink", version: 1, params: { path: "out" } },
      },
      edges: [
        { from: "once.out", to: "result.in" },
        { from: "payments.out", to: "once.in" },
      ],
    },
    layout: { nodes: {} },
  });

/** Runs the pipeline; kills the process when `checkpoint` is committed. Answers the exit code, null when it was killed. */
function run(checkpoint: number | null, hotKeys: number): Promise<{ readonly code: number | null; readonly err: string }> {
  const args = ["run", "p.json", "--checkpoints", "cp", "--state-keys", String(hotKeys)];
  const env = { ...process.env, MILLRACE_STATE: join(folder, "state") };
  const child = spawn(process.execPath, [binary, ...args], { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
  let err = "";
  child.stderr.on("data", (piece: Buffer) => {
    err += piece.toString();
  });
  const timer = setInterval(async () => {
    const names = checkpoint === null ? [] : await readdir(join(folder, "cp/large")).catch(() => []);
    if (names.some((name) => Number(/^manifest-(\d+)\.json$/.exec(name)?.[1] ?? 0) >= (checkpoint ?? 0))) child.kill("SIGKILL");
  }, 10);
  return new Promise((resolve) =>
    child.once("close", (code) => {
      clearInterval(timer);
      resolve({ code, err });
    }),
  );
}

test.each(cases)(
  "$name of many times the keys that may be in memory says each once, also when it is killed twice",
  async (of) => {
    const { keys, hotKeys } = of;
    await writeFile(join(folder, "p.json"), pipelineOf(of));
    await writeFile(join(folder, "payments.ndjson"), lines(keys));
    for (const checkpoint of [1, 3]) expect(await run(checkpoint, hotKeys)).toMatchObject({ code: null });
    const last = await run(null, hotKeys);
    expect(last).toMatchObject({ code: 0 });
    expect(last.err).toContain("Restored from checkpoint");
    const ids: string[] = [];
    for (const name of await readdir(join(folder, "out"))) {
      if (!name.endsWith(".ndjson")) continue;
      for (const line of (await readFile(join(folder, "out", name), "utf8")).split("\n")) if (line !== "") ids.push(JSON.parse(line).id);
    }
    expect(new Set(ids).size).toBe(keys);
    expect(ids.length).toBe(keys);
    // Ended in order, a run leaves nothing on the disk; of those that were killed the next has removed it.
    expect(await readdir(join(folder, "state/large"), { recursive: true })).toHaveLength(1);
  },
  240_000,
);
