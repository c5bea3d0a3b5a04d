import { type ExecFileSyncOptionsWithStringEncoding, execFileSync } from "node:child_process";
import { expect, test } from "vitest";

test("Node itself finds everything that the connectors import", () => {
  const registry = new URL("connector-registry.ts", import.meta.url).href;
  const script = `const { createConnectorRegistry } = await import(${JSON.stringify(registry)}); process.stdout.write(typeof createConnectorRegistry)`;
  const options: ExecFileSyncOptionsWithStringEncoding = { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] };
  expect(execFileSync(process.execPath, ["--input-type=module", "-e", script], options)).toBe("function");
}, 30_000);
