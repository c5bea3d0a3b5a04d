import { createServer } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Contender, inThisProcess } from "./measure.ts";

/** What this benchmark uses of the `node-red` package. */
interface NodeRed {
  init(server: unknown, settings: object): void;
  start(): Promise<void>;
  stop(): Promise<void>;
  readonly runtime: { readonly flows: { setFlows(options: object): Promise<unknown> } };
  readonly nodes: { getNode(id: string): { receive(message: object): void } | null };
}

/** How many times the records of Node-RED ours are at least. */
export const nodeRedFloor = 50;

/**
 * The same scenario as a flow of four nodes in Node-RED: json, switch, and two functions that count and alert.
 * Null, with a line that says so, where the package is not installed (`--node-red <folder that has it>`).
 */
export async function createNodeRedContender(
  bytes: Uint8Array,
  records: number,
  say: (line: string) => void,
): Promise<{ readonly contender: Contender; readonly stop: () => Promise<void> } | null> {
  const given = process.argv[process.argv.indexOf("--node-red") + 1];
  const folder = given === undefined || given.startsWith("--") ? process.cwd() : given;
  let red: NodeRed;
  try {
    // The package has no types; `NodeRed` above is the part that is used.
    red = createRequire(join(resolve(folder), "package.json"))("node-red") as NodeRed;
  } catch {
    say(`Node-RED is not installed in ${folder}: left out. Install it there with "npm install node-red" and try again.`);
    return null;
  }
  const lines = new TextDecoder().decode(bytes).split("\n").slice(0, records);
  const settings = {
    userDir: join(tmpdir(), "millrace-bench-node-red"),
    httpAdminRoot: false,
    httpNodeRoot: false,
    logging: { console: { level: "off" } },
  };
  red.init(createServer(), { ...settings, functionGlobalContext: { bench: shared } });
  await red.start();
  await red.runtime.flows.setFlows({ flows: { flows: flow() } });
  for (let tries = 0; tries < 100 && red.nodes.getNode("passed") === null; tries++) await new Promise((done) => setTimeout(done, 100));
  await new Promise((done) => setTimeout(done, 500));
  return { contender: inThisProcess("Node-RED", lines.length, () => push(red, lines)), stop: () => red.stop() };
}

/** What the last function of the flow tells us: called for every record that has passed through. */
const shared = { seen: 0, wanted: 0, done: (): void => {} };

function push(red: NodeRed, lines: readonly string[]): Promise<string> {
  return new Promise((done, fail) => {
    const first = red.nodes.getNode("parse");
    if (first === null) {
      fail(new Error("the Node-RED flow did not start"));
      return;
    }
    shared.seen = 0;
    shared.wanted = lines.length;
    shared.done = () => done("");
    for (const line of lines) first.receive({ payload: line });
  });
}

function flow(): object[] {
  const at = { z: "tab", x: 100, y: 100 };
  const count = `
    const bench = global.get("bench");
    const windows = context.get("windows") || {};
    const r = msg.payload;
    const start = r.timestamp - (r.timestamp % 300000);
    const key = start + "|" + r.service;
    windows[key] = (windows[key] || 0) + 1;
    context.set("windows", windows);
    msg.payload = { service: r.service, start: start, count: windows[key] };
    return msg;`;
  const alert = `
    const bench = global.get("bench");
    bench.seen += 1;
    if (bench.seen === bench.wanted) bench.done();
    return msg.payload.count === 261 ? msg : null;`;
  const passed = `const bench = global.get("bench"); bench.seen += 1; if (bench.seen === bench.wanted) bench.done(); return null;`;
  return [
    { id: "tab", type: "tab", label: "bench" },
    { id: "parse", type: "json", property: "payload", action: "obj", wires: [["level"]], ...at },
    {
      id: "level",
      type: "switch",
      property: "payload.level",
      propertyType: "msg",
      rules: [{ t: "eq", v: "ERROR", vt: "str" }, { t: "else" }],
      checkall: "false",
      outputs: 2,
      wires: [["count"], ["passed"]],
      ...at,
    },
    { id: "count", type: "function", func: count, outputs: 1, wires: [["alert"]], ...at },
    { id: "alert", type: "function", func: alert, outputs: 1, wires: [[]], ...at },
    { id: "passed", type: "function", func: passed, outputs: 0, wires: [], ...at },
  ];
}
