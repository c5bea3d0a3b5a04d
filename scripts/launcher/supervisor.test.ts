import { describe, expect, it, vi } from "vitest";
import type { ManagedProcess } from "./managed-process.ts";
import { Supervisor } from "./supervisor.ts";

/** A process that ends when it is told to, or by `crash`. */
function fakeProcess(name: string, events: string[]): ManagedProcess & { crash(): void } {
  const { promise, resolve } = Promise.withResolvers<string>();
  return {
    name,
    pid: 1,
    logPath: `${name}.log`,
    ended: promise,
    hasEnded: () => false,
    crash: () => resolve("exit code 1"),
    async stop() {
      events.push(`stop ${name}`);
      await new Promise((done) => setImmediate(done));
      events.push(`stopped ${name}`);
      resolve("SIGTERM");
    },
  };
}

describe("Supervisor", () => {
  it("stops higher stages first, and those of one stage at once", async () => {
    const events: string[] = [];
    const supervisor = new Supervisor(() => undefined);
    const start = (name: string) => fakeProcess(name, events);
    supervisor.watch(0, start("redis"), () => Promise.reject(new Error("not asked for")));
    supervisor.watch(1, start("runtime"), () => Promise.reject(new Error("not asked for")));
    supervisor.watch(1, start("web"), () => Promise.reject(new Error("not asked for")));
    await supervisor.stop();
    expect(events).toEqual(["stop runtime", "stop web", "stopped runtime", "stopped web", "stop redis", "stopped redis"]);
  });

  it("starts a process again that ended by itself, says so, and stops the new one at the end", async () => {
    const events: string[] = [];
    const messages: string[] = [];
    const supervisor = new Supervisor((message) => messages.push(message), 10);
    const first = fakeProcess("first", events);
    const restart = vi.fn(async () => fakeProcess("second", events));
    supervisor.watch(0, first, restart);
    first.crash();
    await vi.waitFor(() => expect(restart).toHaveBeenCalledOnce(), 3000);
    await supervisor.stop();
    expect(messages).toEqual([expect.stringContaining("The first process ended (exit code 1)")]);
    expect(events).toEqual(["stop second", "stopped second"]);
  });

  it("tries again when a process cannot be started again", async () => {
    const events: string[] = [];
    const supervisor = new Supervisor(() => undefined, 10);
    const first = fakeProcess("first", events);
    const restart = vi
      .fn<() => Promise<ManagedProcess>>()
      .mockRejectedValueOnce(new Error("no room"))
      .mockResolvedValue(fakeProcess("second", events));
    supervisor.watch(0, first, restart);
    first.crash();
    await vi.waitFor(() => expect(restart).toHaveBeenCalledTimes(2), 5000);
    await supervisor.stop();
    expect(events).toEqual(["stop second", "stopped second"]);
  });
});
