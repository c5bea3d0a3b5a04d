import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { openDataFolder } from "./data-folder.ts";
import { chooseFreePort, chooseRememberedPort, chooseWebPort } from "./ports.ts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function occupy(port: number): Promise<void> {
  const server = createServer().listen(port, "127.0.0.1");
  servers.push(server);
  await once(server, "listening");
}

it("a port that was asked for is taken or refused, never replaced", async () => {
  const port = await chooseFreePort();
  expect(await chooseWebPort(String(port), 3210)).toBe(port);
  await occupy(port);
  await expect(chooseWebPort(String(port), 3210)).rejects.toMatchObject({ fix: expect.stringContaining("MILLRACE_PORT") });
  await expect(chooseWebPort("web", 3210)).rejects.toThrow('"web", which is no port');
});

it("the preferred port gives way to the next free one", async () => {
  const port = await chooseFreePort();
  await occupy(port);
  expect(await chooseWebPort(undefined, port)).toBeGreaterThan(port);
});

it("a service gets the port that it had, unless that is in use", async () => {
  const folder = await openDataFolder(await mkdtemp(join(tmpdir(), "millrace-ports-")));
  const port = await chooseRememberedPort(folder, "redis");
  expect(await chooseRememberedPort(folder, "redis")).toBe(port);
  await occupy(port);
  expect(await chooseRememberedPort(folder, "redis")).not.toBe(port);
  await rm(folder.path, { recursive: true });
});
