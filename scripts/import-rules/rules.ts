/** A part of the house, and what its files may import. */
export interface Area {
  readonly name: string;
  /** Path prefixes from the repository's root; the longest prefix that fits a file decides. */
  readonly folders: readonly string[];
  /** Our own packages, by name. */
  readonly ours: readonly string[];
  /** Packages from npm; null: whatever the workspace declares. */
  readonly packages: readonly string[] | null;
  /** Whether Node's own modules (`node:fs`) are there. */
  readonly node: boolean;
  /** Folders of the same workspace of which only types may be imported. */
  readonly typesOnlyFrom?: readonly string[];
  /** What to do instead of an import that is not allowed. */
  readonly instead: string;
}

const engine = "@millrace/engine";
const nodes = "@millrace/nodes";
const protocol = "@millrace/protocol";
const db = "@millrace/db";

/** Who may import whom. */
export const areas: readonly Area[] = [
  {
    name: "engine",
    folders: ["packages/engine/"],
    ours: [],
    packages: ["zod", "@noble/hashes", "re2js", "csv-parse"],
    node: false,
    instead:
      "The engine runs in the browser too: declare a port in connector/ or take the thing as a parameter, and let the host bring it.",
  },
  {
    name: "engine's own tools",
    folders: ["packages/engine/scripts/"],
    ours: [],
    packages: null,
    node: true,
    instead: "These write generated files of the engine; what they are about is in packages/engine/src/.",
  },
  {
    name: "nodes",
    folders: ["packages/nodes/"],
    ours: [engine],
    packages: ["zod"],
    node: false,
    instead: "A node is data over the engine's public face: lower to logical operators; what they lack belongs in the engine.",
  },
  {
    name: "protocol",
    folders: ["packages/protocol/"],
    ours: [engine],
    packages: ["zod"],
    node: false,
    instead: "The protocol is schemas alone: put what does something with them into the runtime or the web server.",
  },
  {
    name: "runtime",
    folders: ["apps/runtime/"],
    ours: [engine, nodes, protocol],
    packages: null,
    node: true,
    instead:
      "A job carries all that the runtime needs, so that it runs without the database and the web application: add it to the protocol.",
  },
  {
    name: "command line's entry",
    folders: ["apps/runtime/bin/"],
    ours: ["@millrace/scripts"],
    packages: [],
    node: true,
    instead: "The entry only finds the Node to run under; the command line itself is in apps/runtime/src/cli/.",
  },
  {
    name: "servers for the runtime's tests",
    folders: ["apps/runtime/src/testing/"],
    ours: [engine, nodes, protocol, "@millrace/scripts"],
    packages: null,
    node: true,
    instead: "Tests start their servers with the launcher's own functions (@millrace/scripts) and need nothing else.",
  },
  {
    name: "web server",
    folders: [
      "apps/web/src/server/",
      "apps/web/src/app/",
      "apps/web/src/instrumentation.ts",
      "apps/web/src/proxy.ts",
      "apps/web/next.config.ts",
      "apps/web/postcss.config.mjs",
    ],
    ours: [engine, nodes, protocol, db],
    packages: null,
    node: true,
    instead: "The web server talks to the runtime over Redis: add a message to the protocol.",
  },
  {
    name: "web editor",
    folders: ["apps/web/"],
    ours: [engine, nodes, protocol],
    packages: null,
    node: false,
    typesOnlyFrom: ["apps/web/src/server/"],
    instead: "This runs in the browser: call a procedure of the server (apps/web/src/server/), and import no more than its types.",
  },
  {
    name: "database",
    folders: ["prisma/"],
    ours: [],
    packages: null,
    node: true,
    instead: "The database stores what it is given: let the web server call the engine and hand over the outcome.",
  },
  {
    name: "scripts",
    folders: ["scripts/", "vitest.config.ts"],
    ours: [db],
    packages: null,
    node: true,
    instead: "Scripts start applications as processes of their own and import none of their parts.",
  },
  {
    name: "simulation",
    folders: ["test/simulation/"],
    ours: [engine, nodes, protocol, "@millrace/runtime"],
    packages: null,
    node: true,
    instead:
      "The simulation takes what decides over deployments from @millrace/runtime/supervision, and brings all ports itself; they pass the suites of @millrace/runtime/testing.",
  },
  {
    name: "bench",
    folders: ["test/bench/"],
    ours: [engine, nodes, protocol, "@millrace/runtime", "@millrace/scripts"],
    packages: null,
    node: true,
    instead: "The bench runs the engine with the runtime's connectors and checkpoint store, which @millrace/runtime exports for it.",
  },
  {
    name: "random pipelines",
    folders: ["test/properties/"],
    ours: [engine, nodes, "@millrace/runtime"],
    packages: null,
    node: true,
    instead: "Random pipelines run in the engine alone; of the runtime they take its store for state, from @millrace/runtime/state.",
  },
  {
    name: "tests across packages",
    folders: ["test/"],
    ours: [engine, nodes, protocol, db, "@millrace/scripts"],
    packages: null,
    node: true,
    instead: "Test an application through its process, its command line or its address; a test of its insides belongs beside them.",
  },
];

/** Where neither clock nor randomness nor the host may be reached: they are parameters there. */
export const pureFolders: readonly string[] = ["packages/engine/", "packages/nodes/"];

/** What to write instead of a global that a pure folder may not use. */
export const forbiddenGlobals: ReadonlyMap<string, string> = new Map([
  ["Date.now", "Take the time from the clock that the host gives."],
  ["new Date()", "Take the time from the clock that the host gives; new Date(ms) is fine."],
  ["Math.random", "Take random numbers as a parameter."],
  ["performance", "Take the time from the clock that the host gives."],
  ["setTimeout", "Ask the clock that the host gives for a delay."],
  ["setInterval", "Ask the clock that the host gives for a delay."],
  ["setImmediate", "Ask the clock that the host gives for a delay."],
  ["fetch", "Declare a port in connector/ and let the host fetch."],
  ["process", "Take what is needed of the environment as a parameter."],
]);

/** Names that say nothing about what is inside. */
export const emptyNames: readonly string[] = ["util", "utils", "helper", "helpers", "common", "misc"];

export const mostLines = 450;

/** Files that may be longer, each with the reason. */
export const longFiles: ReadonlyMap<string, string> = new Map();
