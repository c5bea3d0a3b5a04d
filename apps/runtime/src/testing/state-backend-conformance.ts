import type { ColdRows, StateBackend } from "@millrace/engine";
import fc from "fast-check";
import { expect, test } from "vitest";

const bytes = (...values: readonly number[]): Uint8Array => Uint8Array.from(values);

async function allOf(rows: ColdRows): Promise<Map<string, Uint8Array>> {
  const all = new Map<string, Uint8Array>();
  for await (const [key, row] of rows.rows()) all.set(key, Uint8Array.from(row));
  return all;
}

/** What every place for rows outside of memory must do. `fresh` gives a back-end that nothing else uses. */
export function describeStateBackend(fresh: () => Promise<StateBackend>): void {
  test("reads what was put last, at once and after it is written, and nothing of what was removed", async () => {
    const rows = await (await fresh()).open("a:deduplicate");
    rows.put("x", bytes(1));
    rows.put("", bytes());
    rows.put("é \u{1f4a7}", bytes(0, 255));
    rows.put("x", bytes(2, 3));
    expect(rows.get("x")).toEqual(bytes(2, 3));
    await rows.settle();
    expect(rows.pendingBytes).toBe(0);
    expect(rows.get("x")).toEqual(bytes(2, 3));
    expect(rows.get("é \u{1f4a7}")).toEqual(bytes(0, 255));
    expect(rows.get("")).toEqual(bytes());
    rows.remove("x");
    rows.remove("never there");
    expect(rows.get("x")).toBeNull();
    await rows.settle();
    expect(rows.get("x")).toBeNull();
    expect(rows.get("y")).toBeNull();
    await rows.close();
  });

  test("operators have rows of their own, and begin empty", async () => {
    const backend = await fresh();
    const [one, other] = [await backend.open("a:deduplicate"), await backend.open("b/../a:deduplicate")];
    one.put("x", bytes(1));
    await one.settle();
    expect(other.get("x")).toBeNull();
    await one.close();
    await other.close();
    const again = await backend.open("a:deduplicate");
    expect(again.get("x")).toBeNull();
    expect((await allOf(again)).size).toBe(0);
    await again.close();
  });

  test("a row that was given belongs to the caller", async () => {
    const rows = await (await fresh()).open("a");
    rows.put("x", bytes(1, 2));
    rows.get("x")?.fill(9);
    expect(rows.get("x")).toEqual(bytes(1, 2));
    await rows.close();
  });

  test("is a map, whatever is written while it is written", async () => {
    const backend = await fresh();
    const change = fc.record({
      key: fc.constantFrom("a", "b", "c", "long ".repeat(50)),
      size: fc.option(fc.nat(70_000)),
      settle: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 60 }), async (changes) => {
        const rows = await backend.open("map");
        const expected = new Map<string, Uint8Array>();
        for (const [i, { key, size, settle }] of changes.entries()) {
          if (size === null) {
            rows.remove(key);
            expected.delete(key);
          } else {
            rows.put(key, new Uint8Array(size).fill(i));
            expected.set(key, new Uint8Array(size).fill(i));
          }
          if (settle) await rows.settle();
          for (const known of ["a", "b", "c"]) expect(rows.get(known)).toEqual(expected.get(known) ?? null);
        }
        expect(await allOf(rows)).toEqual(expected);
        await rows.close();
      }),
      { numRuns: 25 },
    );
  });
}
