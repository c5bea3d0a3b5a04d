import { describe, expect, it } from "vitest";
import { Autosave, quietMs, type SaveOutcome, type SaveState } from "./autosave.ts";
import { renamePipeline } from "./rename-pipeline.ts";
import { sampleDocument } from "./testing/sample-document.ts";

/** A server that answers as told, and timers that are fired by hand. */
function harness(answers: SaveOutcome[]) {
  const saves: { name: string; expectedRevision: number }[] = [];
  const states: SaveState["kind"][] = [];
  let timers: { ms: number; callback: () => void }[] = [];
  const original = sampleDocument();
  const autosave = new Autosave(original, 7, {
    save: (document, expectedRevision) => {
      saves.push({ name: document.pipeline.name, expectedRevision });
      return Promise.resolve(answers.shift() ?? { kind: "saved", revision: expectedRevision + 1 });
    },
    delay: (ms, callback) => {
      const timer = { ms, callback };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    onState: (state) => states.push(state.kind),
  });
  const named = (name: string) => {
    const outcome = renamePipeline(original, name);
    return outcome.ok ? outcome.document : original;
  };
  const fire = async () => {
    const due = timers;
    timers = [];
    for (const timer of due) timer.callback();
    await new Promise((resolve) => setImmediate(resolve));
    return due.map((timer) => timer.ms);
  };
  return { autosave, saves, states, named, fire, original, pending: () => timers.length };
}

describe("Autosave", () => {
  it("waits for quiet, then saves the newest document once", async () => {
    const { autosave, saves, named, fire } = harness([]);
    autosave.changed(named("a"));
    autosave.changed(named("b"));
    expect(await fire()).toEqual([quietMs]);
    expect(saves).toEqual([{ name: "b", expectedRevision: 7 }]);
    expect(autosave.revision).toBe(8);
    expect(autosave.state.kind).toBe("saved");
  });

  it("saves again what came in while it was saving", async () => {
    const { autosave, saves, named, fire } = harness([]);
    autosave.changed(named("a"));
    const flushed = autosave.flush();
    autosave.changed(named("b"));
    await flushed;
    expect(autosave.state.kind).toBe("unsaved");
    await fire();
    expect(saves.map((save) => save.expectedRevision)).toEqual([7, 8]);
    expect(saves[1].name).toBe("b");
  });

  it("needs no save when the change was taken back", async () => {
    const { autosave, saves, named, fire, original } = harness([]);
    autosave.changed(named("a"));
    autosave.changed(original);
    await fire();
    expect(saves).toEqual([]);
    expect(autosave.state.kind).toBe("saved");
  });

  it("stops at a conflict until somebody decides to overwrite", async () => {
    const { autosave, saves, named, fire, pending } = harness([{ kind: "conflict", revision: 12 }]);
    autosave.changed(named("a"));
    await fire();
    autosave.changed(named("b"));
    expect(pending()).toBe(0);
    expect(autosave.state).toEqual({ kind: "conflict", theirRevision: 12 });
    await autosave.overwrite();
    expect(saves.at(-1)).toEqual({ name: "b", expectedRevision: 12 });
    expect(autosave.state.kind).toBe("saved");
  });

  it("sends off what is unsaved when it is stopped, and can be started again", async () => {
    const { autosave, saves, named, fire, pending } = harness([]);
    autosave.changed(named("a"));
    autosave.stop();
    expect(pending()).toBe(0);
    await fire();
    expect(saves.map((save) => save.name)).toEqual(["a"]);
    autosave.changed(named("b"));
    expect(pending()).toBe(0);
    autosave.start();
    await fire();
    expect(saves.map((save) => save.name)).toEqual(["a", "b"]);
  });

  it("goes on from theirs", async () => {
    const { autosave, named, fire, original } = harness([{ kind: "conflict", revision: 12 }]);
    autosave.changed(named("a"));
    await fire();
    autosave.adopt(original, 12);
    autosave.changed(named("c"));
    await fire();
    expect(autosave.revision).toBe(13);
  });

  it("tries again while offline, ever more slowly, and gives up on a refusal", async () => {
    const offline: SaveOutcome = { kind: "offline" };
    const { autosave, named, fire, states } = harness([offline, offline, offline, { kind: "refused", message: "no" }]);
    autosave.changed(named("a"));
    const waits = [...(await fire()), ...(await fire()), ...(await fire()), ...(await fire())];
    expect(waits).toEqual([quietMs, 1000, 2000, 5000]);
    expect(autosave.state).toEqual({ kind: "refused", message: "no" });
    expect(await fire()).toEqual([]);
    expect(states.filter((kind) => kind === "offline")).toHaveLength(3);
    autosave.changed(named("b"));
    await fire();
    expect(autosave.state.kind).toBe("saved");
  });
});
