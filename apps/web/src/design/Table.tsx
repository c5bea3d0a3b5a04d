import type { ComponentProps, ReactNode } from "react";
import { classNames } from "./class-names.ts";

export interface TableProps {
  /** Says what the table holds; read aloud. */
  readonly caption: string;
  readonly children: ReactNode;
  readonly className?: string | undefined;
  /** Least widths of the columns, px: they stay as they are whatever the cells hold, and share what is left. */
  readonly widthsPx?: readonly number[];
}

/** A table that scrolls sideways on its own when it has no room. */
export function Table({ caption, children, className, widthsPx }: TableProps) {
  const leastPx = widthsPx?.reduce((sum, width) => sum + width, 0);
  return (
    // A scrolling region must be reachable by keyboard.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the region scrolls
    <section aria-label={caption} tabIndex={0} className={classNames("overflow-auto focus-visible:outline-offset-[-2px]", className)}>
      <table
        className={classNames("w-full border-separate border-spacing-0 text-left text-13", widthsPx !== undefined && "table-fixed")}
        style={{ minWidth: leastPx }}
      >
        <caption className="sr-only">{caption}</caption>
        {widthsPx !== undefined && (
          <colgroup>
            {widthsPx.map((width, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: columns have no other identity
              <col key={i} style={{ width }} />
            ))}
          </colgroup>
        )}
        {children}
      </table>
    </section>
  );
}

/** The row of column heads; it stays in view. */
export function TableHead({ children }: { readonly children: ReactNode }) {
  return (
    <thead className="sticky top-0 z-10 bg-surface-1">
      <tr>{children}</tr>
    </thead>
  );
}

interface CellProps {
  /** Numbers stand right-aligned in tabular figures. */
  readonly numeric?: boolean;
}

const heights = { dense: "h-8", normal: "h-10", tall: "h-13" } as const;

/** Head of a column. */
export function HeadCell({ numeric = false, className, ...rest }: CellProps & ComponentProps<"th">) {
  return (
    <th
      scope="col"
      className={classNames(
        "h-9 border-b border-line px-3 text-12 font-medium whitespace-nowrap text-ink-3",
        numeric && "text-right",
        className,
      )}
      {...rest}
    />
  );
}

/** A row. */
export function Row({ className, ...rest }: ComponentProps<"tr">) {
  return <tr className={classNames("group hover:bg-surface-2", className)} {...rest} />;
}

/** A cell. */
export function Cell({
  numeric = false,
  height = "normal",
  className,
  ...rest
}: CellProps & { readonly height?: keyof typeof heights } & Omit<ComponentProps<"td">, "height">) {
  return (
    <td
      className={classNames(
        "border-b border-line px-3 py-1 group-last:border-b-0",
        heights[height],
        numeric && "figures text-right whitespace-nowrap",
        className,
      )}
      {...rest}
    />
  );
}
