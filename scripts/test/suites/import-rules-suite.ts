import { checkTree } from "../../import-rules/check-tree.ts";
import { formatViolation } from "../../import-rules/violation.ts";
import type { Suite } from "../suite.ts";

/** Who may import whom, and the other rules of the house; one check per workspace. */
export const importRulesSuite: Suite = {
  name: "rules",
  title: "who may import whom, no clock in the engine, length and names of files",
  async run({ print }) {
    const groups = await checkTree();
    for (const { violations } of groups) for (const violation of violations) print(`${formatViolation(violation)}\n`);
    const failed = groups.filter(({ violations }) => violations.length > 0).length;
    print(`${groups.reduce((sum, { files }) => sum + files, 0)} files read\n`);
    return { passed: groups.length - failed, failed, skipped: [] };
  },
};
