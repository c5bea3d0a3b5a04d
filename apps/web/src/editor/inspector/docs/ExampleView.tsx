import type { JsonObject, JsonValue, NodeExample } from "@millrace/engine";

/** An example of a node: its settings, what goes in, and what comes out. */
export function ExampleView({ example }: { readonly example: NodeExample }) {
  return (
    <article className="flex flex-col gap-2 border-t border-line pt-3">
      <h4 className="text-13 font-semibold">{example.title}</h4>
      {Object.keys(example.params).length > 0 && (
        <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-1 text-12">
          {Object.entries(example.params).map(([name, value]) => (
            <div key={name} className="contents">
              <dt className="text-ink-3">{name}</dt>
              <dd className="font-mono break-words">{shown(value)}</dd>
            </div>
          ))}
        </dl>
      )}
      {Object.entries(example.feed).map(([port, rows]) => (
        <RowTable key={port} example={example.title} caption={`In${port === "in" ? "" : `, ${port}`}`} rows={rows} />
      ))}
      {example.lookup !== undefined && <RowTable example={example.title} caption="What the lookup finds" rows={example.lookup} />}
      {Object.entries(example.expect).map(([port, rows]) => (
        <RowTable key={port} example={example.title} caption={`Out${port === "out" ? "" : `, ${port.replaceAll("_", " ")}`}`} rows={rows} />
      ))}
    </article>
  );
}

interface RowTableProps {
  readonly example: string;
  readonly caption: string;
  readonly rows: readonly JsonObject[];
}

function RowTable({ example, caption, rows }: RowTableProps) {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return (
    // A scrolling region must be reachable by keyboard.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the region scrolls
    <section aria-label={`${example}: ${caption}`} tabIndex={0} className="overflow-x-auto rounded-control border border-line">
      <table className="w-full text-left font-mono text-12">
        <caption className="border-b border-line bg-surface-2 px-2 py-1 text-left font-sans text-12 text-ink-2">{caption}</caption>
        {rows.length > 0 && (
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column} scope="col" className="px-2 py-1 font-regular whitespace-nowrap text-ink-3">
                  {column === "_time" ? "event time" : column}
                </th>
              ))}
            </tr>
          </thead>
        )}
        <tbody>
          {rows.length === 0 && (
            <tr>
              <td className="px-2 py-1 font-sans text-ink-3">nothing</td>
            </tr>
          )}
          {rows.map((row, i) => (
            // Rows of a fixed example.
            // biome-ignore lint/suspicious/noArrayIndexKey: see above
            <tr key={i}>
              {columns.map((column) => (
                <td key={column} className={`px-2 py-1 whitespace-nowrap ${typeof row[column] === "number" ? "figures text-right" : ""}`}>
                  {column === "_time" ? clock(row[column]) : shown(row[column])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function shown(value: JsonValue | undefined): string {
  if (value === undefined) return "";
  if (value === null) return "NULL";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Event times of examples begin at zero: minutes, seconds, and ms where they matter. */
function clock(value: JsonValue | undefined): string {
  if (typeof value !== "number") return "";
  const minutes = String(Math.floor(value / 60_000)).padStart(2, "0");
  const seconds = String(Math.floor((value % 60_000) / 1000)).padStart(2, "0");
  const ms = value % 1000;
  return `${minutes}:${seconds}${ms === 0 ? "" : `.${String(ms).padStart(3, "0")}`}`;
}
