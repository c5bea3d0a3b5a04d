import { RowKind } from "@millrace/engine";
import { compiledHarness, type EmittedRow, handDriven, type OperatorHarness, streamOf } from "@millrace/engine/testing";
import { goneIsTakenBack } from "../differences.ts";
import { type DifferenceRule, sequenceProblem, type Vector } from "../suite.ts";
import type { KafkaRecord, KafkaStep } from "./kafka-stream-stream.ts";

type Mode = "inner" | "left" | "outer";

export interface TableTableVector extends Vector {
  readonly join: {
    readonly type: "tableTable";
    readonly mode?: Mode;
    /** (left ⋈ right) ⋈ right. */
    readonly chain?: readonly Mode[];
    readonly tableLeft: "latest" | "versioned";
    readonly tableRight: "latest" | "versioned";
  };
  readonly steps: readonly KafkaStep[];
}

interface Row {
  readonly key: number;
  readonly value: string;
  readonly ts: number;
}

const rows = {
  ...streamOf({ key: { kind: "bigint" }, value: { kind: "string" }, ts: { kind: "timestamp" } }, "ts"),
  changelog: "retract",
} as const;
const foreverMs = 1e12;

/** Kafka Streams forwards no deletion out of a chained inner join whose second right row has gone before. */
export const deletionsComeOut: DifferenceRule<TableTableVector> = {
  ...goneIsTakenBack,
  applies: ({ join }) => (join.chain ?? []).length > 1,
  agreed: (vector) => ({ ...vector, steps: vector.steps.map((step) => (isSilentDeletion(step) ? { ...step, expected: null } : step)) }),
};

function isSilentDeletion({ input, expected }: KafkaStep): boolean {
  return expected?.length === 0 && input.some(({ side, value }) => side === "right" && value === null);
}

/**
 * Joins of tables: each side becomes a changelog of its rows, and what comes out a table again. Compared is what that
 * table holds after each step, not its times: rows of a regular join carry none.
 */
export function checkTableTable({ join, steps }: TableTableVector): string | null {
  const stages = (join.chain ?? [join.mode ?? "inner"]).map((mode) => new JoinedTable(mode));
  const left = new SourceTable(join.tableLeft === "versioned");
  const right = new SourceTable(join.tableRight === "versioned");
  for (const [index, { input, expected }] of steps.entries()) {
    const changes = input.flatMap(({ side, ...record }) => {
      const lefts = side === "left" ? left.update(record) : [];
      const rights = side === "right" ? right.update(record) : [];
      return stages.reduce((before, stage) => stage.apply(before, rights), lefts);
    });
    if (expected === null) continue;
    const wanted = expected.at(-1);
    if (wanted === undefined) {
      if (changes.length > 0) return `step ${index + 1}: nothing was to come out`;
      continue;
    }
    const problem = sequenceProblem(`step ${index + 1}`, [stages.at(-1)?.row(wanted.key)?.value ?? null], [wanted.value]);
    if (problem !== null) return problem;
  }
  return null;
}

interface Change {
  readonly row: Row;
  readonly kind: number;
}

/** A table as Kafka Streams keeps it: one row a key, a NULL deletes, rows without a key are dropped. */
class SourceTable {
  readonly #rows = new Map<unknown, Row>();
  readonly #latest = new Map<number, number>();
  /** Updates that are older than the row they would replace are ignored. */
  readonly #versioned: boolean;

  constructor(versioned: boolean) {
    this.#versioned = versioned;
  }

  update({ key, value, ts }: Omit<KafkaRecord, "side">): readonly Change[] {
    if (key === null || (this.#versioned && ts < (this.#latest.get(key) ?? ts))) return [];
    this.#latest.set(key, ts);
    const before = this.#rows.get(key);
    const changes: Change[] = before === undefined ? [] : [{ row: before, kind: RowKind.delete }];
    this.#rows.delete(key);
    if (value === null) return changes;
    const row = { key, value: String(value), ts };
    this.#rows.set(key, row);
    return [...changes, { row, kind: RowKind.insert }];
  }
}

/** A regular join, and the table that its changelog makes. */
class JoinedTable {
  readonly #harness: OperatorHarness;
  readonly #rows = new Map<unknown, Row>();

  constructor(mode: Mode) {
    const operator = {
      op: "regular-join",
      kind: mode === "outer" ? "full" : mode,
      left: handDriven,
      right: handDriven,
      on: [{ left: "key", right: "key" }],
      rightPrefix: "right_",
      leftTtlMs: foreverMs,
      rightTtlMs: foreverMs,
    } as const;
    this.#harness = compiledHarness(operator, [rows, rows], { kindOf: (record) => Number(record.kind) });
  }

  /** The row of a key, when there is one. */
  row(key: unknown): Row | undefined {
    return this.#rows.get(key);
  }

  apply(lefts: readonly Change[], rights: readonly Change[]): readonly Change[] {
    [lefts, rights].forEach((changes, input) => {
      for (const { row, kind } of changes) this.#harness.send([{ ...row, kind }], input);
    });
    return this.#harness.take().map((row) => this.#change(row));
  }

  #change({ fields, kind }: EmittedRow): Change {
    const times = [fields.ts, fields.right_ts].filter((ts) => ts !== null).map(Number);
    const row = { key: Number(fields.key ?? fields.right_key), value: `${fields.value}-${fields.right_value}`, ts: Math.max(...times) };
    if (kind === "+I") this.#rows.set(row.key, row);
    else this.#rows.delete(row.key);
    return { row, kind: kind === "+I" ? RowKind.insert : RowKind.delete };
  }
}
