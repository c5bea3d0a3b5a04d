import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import type { DataFolder } from "./data-folder.ts";
import { LauncherError } from "./launcher-error.ts";

/** Below the range from which systems take ports for outgoing connections, which could take ours between two starts. */
const firstPort = 21_000;
const lastPort = 31_999;

/** Whether something could listen on this port of the loopback address now. */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** A free port of the loopback address, from a range that is rarely used. */
export async function chooseFreePort(): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const port = firstPort + Math.floor(Math.random() * (lastPort - firstPort + 1));
    if (await isPortFree(port)) return port;
  }
  throw new LauncherError(`No free port was found between ${firstPort} and ${lastPort}.`, "End programs that listen on many ports.");
}

/** The port that this service had last time, when it is free; otherwise another one, which is remembered. */
export async function chooseRememberedPort(folder: DataFolder, service: string): Promise<number> {
  const remembered = await readPorts(folder);
  const last = remembered[service];
  if (last !== undefined && (await isPortFree(last))) return last;
  const port = await chooseFreePort();
  await writeFile(portsFile(folder), `${JSON.stringify({ ...(await readPorts(folder)), [service]: port })}\n`);
  return port;
}

/**
 * The port of the web application: the one that was asked for, which must be free, or else the first free one from
 * `preferred` on.
 */
export async function chooseWebPort(asked: string | undefined, preferred: number): Promise<number> {
  if (asked !== undefined && asked !== "") {
    const port = Number(asked);
    if (!Number.isInteger(port) || port < 1 || port > 65_535) {
      throw new LauncherError(`MILLRACE_PORT is "${asked}", which is no port.`, "Set it to a number between 1 and 65535.");
    }
    if (await isPortFree(port)) return port;
    throw new LauncherError(
      `Port ${port} of 127.0.0.1 is in use by another program.`,
      "End that program, or set MILLRACE_PORT to a free port.",
    );
  }
  for (let port = preferred; port < preferred + 20; port++) if (await isPortFree(port)) return port;
  return chooseFreePort();
}

function portsFile(folder: DataFolder): string {
  return join(folder.path, "ports.json");
}

async function readPorts(folder: DataFolder): Promise<Readonly<Record<string, number>>> {
  try {
    const value: unknown = JSON.parse(await readFile(portsFile(folder), "utf8"));
    if (typeof value !== "object" || value === null) return {};
    return Object.fromEntries(Object.entries(value).filter((entry): entry is [string, number] => typeof entry[1] === "number"));
  } catch {
    // Not there yet, or damaged: ports are chosen anew.
    return {};
  }
}
