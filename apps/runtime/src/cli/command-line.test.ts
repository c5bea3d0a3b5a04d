import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const binary = fileURLToPath(new URL("../../bin/millrace.mjs", import.meta.url));

let directory = "";
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "millrace-cli-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the command in the test's directory; `interrupt` sends SIGINT as soon as its standard error matches. */
function millrace(args: readonly string[], options: { readonly interrupt?: RegExp } = {}): Promise<Ended> {
  const child = spawn(process.execPath, [binary, ...args], { cwd: directory, stdio: ["ignore", "pipe", "pipe"] });
  let out = "";
  let err = "";
  let interrupted = false;
  child.stdout.on("data", (piece: Buffer) => {
    out += piece.toString();
  });
  child.stderr.on("data", (piece: Buffer) => {
    err += piece.toString();
  });
  const timer = setInterval(() => {
    if (interrupted || options.interrupt?.test(out + err) !== true) return;
    interrupted = true;
    child.kill("SIGINT");
  }, 20);
  return new Promise((resolve) =>
    child.once("close", (code) => {
      clearInterval(timer);
      resolve({ code, out, err });
    }),
  );
}

const fields = [
  { name: "id", type: "bigint" },
  { name: "at", type: "timestamp" },
  { name: "level", type: "string" },
];

function pipeline(source: object = {}, where = "level = 'ERROR'"): string {
  return JSON.stringify({
    formatVersion: 1,
    pipeline: {
      id: "levels",
      name: "levels",
      settings: { checkpointInterval: "100ms" },
      nodes: {
        source: { type: "file-source", version: 1, params: { path: "events.ndjson", fields, timeField: "at", ...source } },
        errors: { type: "filter", version: 1, params: { where } },
        out: { type: "file-sink", version: 1, params: { path: "out" } },
        table: { type: "live-table", version: 1 },
      },
      edges: [
        { from: "source.out", to: "errors.in" },
        { from: "errors.out", to: "out.in" },
        { from: "errors.out", to: "table.in" },
      ],
    },
  });
}

const event = (id: number): string => `${JSON.stringify({ id, at: 1_700_000_000_000 + id, level: id % 2 === 0 ? "ERROR" : "INFO" })}\n`;
const eventsText = (count: number): string => Array.from({ length: count }, (_, id) => event(id)).join("");

async function write(text = pipeline(), events = eventsText(100)): Promise<void> {
  await writeFile(join(directory, "p.json"), text);
  await writeFile(join(directory, "events.ndjson"), events);
}

async function parts(folder = "out"): Promise<string> {
  const names = (await readdir(join(directory, folder))).filter((name) => name.startsWith("part-")).sort();
  return (await Promise.all(names.map((name) => readFile(join(directory, folder, name), "utf8")))).join("");
}

const ids = (text: string): number[] => text.split("\n").flatMap((line) => (line === "" ? [] : [(JSON.parse(line) as { id: number }).id]));
const even = (to: number): number[] => Array.from({ length: to / 2 }, (_, i) => i * 2);

describe("millrace run", () => {
  test("writes files, prints rows to the standard output and a summary to the other", async () => {
    await write(pipeline(), `${eventsText(100)}broken\n`);
    const { code, out, err } = await millrace(["run", "p.json"]);
    expect(err).toMatch(
      /levels finished.*\n {2}101 records read \(\d+ a second\), 0 late, 1 dead letters\n {2}out: 50 rows\n {2}table: 50 rows/,
    );
    expect(code).toBe(0);
    expect(ids(out)).toEqual(even(100));
    expect(ids(await parts())).toEqual(even(100));
  });

  test("with --json prints one document, and --set changes parameters", async () => {
    await write();
    const { code, out, err } = await millrace(["run", "p.json", "--json", "--set", "errors.where=id < 3", "--set", "out.path=other"]);
    expect(err).toBe("");
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ outcome: "finished", records: 100, sinks: { out: 3, table: 3 }, unaccounted: 0 });
    expect((JSON.parse(out) as { rows: { table: unknown[] } }).rows.table).toHaveLength(3);
    expect(ids(await parts("other"))).toEqual([0, 1, 2]);
  });

  test("replaces the output of an earlier run without checkpoints, and refuses that of one with checkpoints", async () => {
    await write();
    for (let run = 0; run < 2; run++) expect((await millrace(["run", "p.json"])).code).toBe(0);
    expect(ids(await parts())).toEqual(even(100));
    await rm(join(directory, "out"), { recursive: true });
    expect((await millrace(["run", "p.json", "--checkpoints", "cp"])).code).toBe(0);
    const refused = await millrace(["run", "p.json"]);
    expect(refused).toMatchObject({ code: 3, err: expect.stringMatching(/FOLDER_IN_USE at out\n.*--overwrite/) });
    expect((await millrace(["run", "p.json", "--overwrite"])).code).toBe(0);
  });

  test("interrupted takes a last checkpoint, and the next run goes on from it", async () => {
    await write(pipeline({ replay: { mode: "paced", speed: 1 } }), eventsText(1500));
    const first = await millrace(["run", "p.json", "--checkpoints", "cp"], { interrupt: /"id":300,/ });
    expect(first.code).toBe(0);
    expect(first.err).toMatch(/Stopping after a last checkpoint…\nlevels stopped/);
    const before = ids(await parts());
    expect(before.length).toBeGreaterThan(100);
    expect(before.length).toBeLessThan(750);
    const second = await millrace(["run", "p.json", "--checkpoints", "cp"]);
    expect(second.err).toMatch(/Restored from checkpoint \d+/);
    expect(ids(await parts())).toEqual(even(1500));
  }, 20_000);

  test("with --until-idle ends when a followed file brings nothing more", async () => {
    await write(pipeline({ follow: true }));
    const { code, err } = await millrace(["run", "p.json", "--until-idle", "300ms"]);
    expect(err).toMatch(/levels stopped/);
    expect(code).toBe(0);
    expect(ids(await parts())).toEqual(even(100));
  });

  test.each([
    [["run", "absent.json"], 2, /There is no file absent\.json/],
    [["run", "p.json", "--set", "x"], 2, /node\.param=value/],
    [["run", "p.json", "--set", "nobody.path=1"], 2, /Its nodes are errors, out, source, table/],
    [["run", "p.json", "--start-from", "middle"], 2, /latest, empty/],
    [["run"], 2, /missing required argument/],
    [["run", "p.json", "--set", "source.path=none.ndjson"], 3, /error FILE_NOT_FOUND at source\n.*none\.ndjson\. Check the path/],
    [
      ["run", "p.json", "--redis", "redis://127.0.0.1:1"],
      3,
      /Redis at redis:\/\/127\.0\.0\.1:1 cannot be reached \(ECONNREFUSED\)\. Start it/,
    ],
    [["run", "events.ndjson"], 1, /error IMPORT_INVALID/],
    [["run", "p.json", "--set", "errors.where=levle = 'ERROR'"], 1, /at errors\.where.*\n.*levle/],
  ] as const)("%j ends with %i and says what to do", async (args, expected, message) => {
    await write();
    const { code, err } = await millrace(args);
    expect(err).toMatch(message);
    expect(code).toBe(expected);
  });
});

describe("millrace check and explain", () => {
  test("say what is wrong, where, and how to fix it", async () => {
    await write(pipeline({}, "levle = 'ERROR'"));
    const { code, out } = await millrace(["check", "p.json"]);
    expect(code).toBe(1);
    expect(out).toMatch(/^error \w+ at errors\.where:0-5\n {2}.*levle.*\n {2}fix: .*level/m);
    const json = JSON.parse((await millrace(["check", "p.json", "--json"])).out) as { ok: boolean; diagnostics: unknown[] };
    expect(json.ok).toBe(false);
    expect(json.diagnostics).toContainEqual(
      expect.objectContaining({ place: expect.objectContaining({ node: "errors", param: "where" }) }),
    );
  });

  test("are content with a good pipeline", async () => {
    await write();
    expect(await millrace(["check", "p.json"])).toMatchObject({ code: 0, out: expect.stringContaining("levels: 4 nodes, ready to run") });
    expect(await millrace(["explain", "p.json"])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/errors:filter\n.*\n {2}where level = 'ERROR'/),
    });
  });
});
