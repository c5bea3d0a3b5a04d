import { FencedError } from "@millrace/engine";

/** What a table of results holds, and the row that says which checkpoint is in it. */
interface Table {
  readonly lines: string[];
  checkpoint: number | null;
  token: number;
}

/** A database whose transactions are whole or not at all. */
export class SimDatabase {
  readonly #tables = new Map<string, Table>();

  /** Rows and marker in one transaction, refused under a stale token; false when the marker has the checkpoint already. */
  insert(table: string, token: number, checkpoint: number, lines: readonly string[]): boolean {
    const found = this.#table(table);
    if (token < found.token) throw new FencedError(token, found.token, "sink");
    found.token = token;
    if (found.checkpoint !== null && checkpoint <= found.checkpoint) return false;
    found.checkpoint = checkpoint;
    found.lines.push(...lines);
    return true;
  }

  /** Rows alone, as a sink writes them that does it wrongly. */
  insertUnmarked(table: string, lines: readonly string[]): void {
    this.#table(table).lines.push(...lines);
  }

  /** The marker alone, as a sink writes it that does it wrongly. */
  mark(table: string, token: number, checkpoint: number): void {
    const found = this.#table(table);
    found.token = token;
    found.checkpoint = checkpoint;
  }

  checkpoint(table: string): number | null {
    return this.#table(table).checkpoint;
  }

  lines(table: string): readonly string[] {
    return this.#table(table).lines;
  }

  #table(name: string): Table {
    const known = this.#tables.get(name);
    if (known !== undefined) return known;
    const table: Table = { lines: [], checkpoint: null, token: 0 };
    this.#tables.set(name, table);
    return table;
  }
}
