import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { afterEach, expect, test } from "vitest";
import { SpareProcess } from "./spare-process.ts";

const forked: ChildProcess[] = [];
let onFork = Promise.withResolvers<void>();

/** A process with a channel that waits, as a pipeline process does. */
function fork(): ChildProcess {
  const child = spawn(process.execPath, ["-e", "process.on('message', () => {}); process.once('disconnect', () => process.exit())"], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  forked.push(child);
  onFork.resolve();
  onFork = Promise.withResolvers();
  return child;
}

afterEach(() => {
  for (const child of forked.splice(0)) child.kill("SIGKILL");
});

test("gives the process that waits, and then makes another ready", async () => {
  const spares = new SpareProcess(fork, 0);
  const made = onFork.promise;
  spares.refill();
  await made;
  const again = onFork.promise;
  expect(spares.take()).toBe(forked[0]);
  await again;
  expect(spares.take()).toBe(forked[1]);
  await spares.close();
});

test("starts one where none waits, or where the one that waited has ended", async () => {
  const spares = new SpareProcess(fork, 0);
  expect(spares.take()).toBe(forked[0]);
  await onFork.promise;
  const ended = once(forked[1], "exit");
  forked[1].kill("SIGKILL");
  await ended;
  expect(spares.take()).toBe(forked[2]);
  await spares.close();
});

test("ends the one that waits when it is closed, and makes none afterwards", async () => {
  const spares = new SpareProcess(fork, 0);
  const made = onFork.promise;
  spares.refill();
  await made;
  const ended = once(forked[0], "exit");
  await Promise.all([spares.close(), ended]);
  expect(await ended).toEqual([null, "SIGKILL"]);
  spares.refill();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(forked).toHaveLength(1);
});
