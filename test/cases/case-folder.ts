import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { checkGraph, contentHash, type JsonObject, type LogicalPlan, parsePipeline, planGraph } from "@millrace/engine";
import { catalogue } from "@millrace/nodes";

/**
 * A case: `pipeline.json`, the files that its file sources name (`input/…`), and for each sink that is checked
 * `expected/<slug>.ndjson` with its committed rows in any order. `case.json` may say `{ "shuffle": false, "reason": "…" }`.
 */
export interface CaseFolder {
  readonly name: string;
  readonly folder: string;
  readonly plan: LogicalPlan;
  readonly graphHash: string;
  readonly expected: ReadonlyMap<string, readonly JsonObject[]>;
  /** Why records may not be reordered within the disorder of their source; null when they may. */
  readonly keepOrder: string | null;
}

/** Reads all cases of a folder; fails when there are none. */
export function readCases(root: string): readonly CaseFolder[] {
  const cases = readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => readCase(entry.name, join(root, entry.name)));
  if (cases.length === 0) throw new Error(`there is no case in ${root}`);
  return cases;
}

function readCase(name: string, folder: string): CaseFolder {
  const { plan, graphHash } = planText(readFileSync(join(folder, "pipeline.json"), "utf8"), folder);
  const expected = new Map<string, readonly JsonObject[]>();
  for (const file of readdirSync(join(folder, "expected")))
    expected.set(file.replace(/\.ndjson$/, ""), readRows(join(folder, "expected", file)));
  const settings = join(folder, "case.json");
  const { shuffle = true, reason = "" } = existsSync(settings) ? JSON.parse(readFileSync(settings, "utf8")) : {};
  return { name, folder, plan, graphHash, expected, keepOrder: shuffle === true ? null : String(reason) };
}

/** Parses, checks and plans; throws with all diagnostics, since a case is ours. */
export function planText(text: string, where: string): { readonly plan: LogicalPlan; readonly graphHash: string } {
  const parsed = parsePipeline(text, catalogue);
  if (!parsed.ok) throw new Error(`${where}: ${JSON.stringify(parsed.diagnostics, null, 2)}`);
  const { checked, diagnostics } = checkGraph(parsed.value.pipeline, catalogue);
  if (checked === null) throw new Error(`${where}: ${JSON.stringify(diagnostics, null, 2)}`);
  const plan = planGraph(checked);
  if (!plan.ok) throw new Error(`${where}: ${JSON.stringify(plan.diagnostics, null, 2)}`);
  return { plan: plan.value, graphHash: contentHash(parsed.value.pipeline, catalogue) };
}

/** Rows of a JSON lines file. */
export function readRows(file: string): readonly JsonObject[] {
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}
