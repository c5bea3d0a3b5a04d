"use client";

import { ArrowDown, ArrowUp, Plus, Trash2 } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "../../../design/Button.tsx";
import { IconButton } from "../../../design/IconButton.tsx";

export interface EntryListProps<T> {
  readonly items: readonly T[];
  /** What an entry is called: `header`. */
  readonly itemName: string;
  readonly addLabel: string;
  readonly renderItem: (item: T, index: number) => ReactNode;
  readonly onAdd: () => void;
  readonly onRemove: (index: number) => void;
  /** A further button beside an entry, below the one that removes it. */
  readonly renderTool?: (item: T, index: number) => ReactNode;
  /** Swaps an entry with the next one; absent where the order means nothing. */
  readonly onSwap?: (index: number) => void;
}

/** A list of entries with what can be done to each; every entry is a row with a line under it. */
export function EntryList<T>({ items, itemName, addLabel, renderItem, renderTool, onAdd, onRemove, onSwap }: EntryListProps<T>) {
  return (
    <div className="flex flex-col gap-2">
      {items.length > 0 && (
        <ol className="flex flex-col rounded-control border border-line">
          {items.map((item, i) => (
            // Entries have no identity but their place.
            // biome-ignore lint/suspicious/noArrayIndexKey: see above
            <li key={i} className="group flex gap-1 border-b border-line p-1.5 pe-1 last:border-b-0">
              <div className="min-w-0 flex-1">{renderItem(item, i)}</div>
              <div className="flex shrink-0 flex-col gap-0.5">
                <IconButton
                  size="small"
                  label={`Remove ${itemName} ${i + 1}`}
                  tooltipSide="left"
                  icon={<Trash2 size={14} />}
                  onClick={() => onRemove(i)}
                />
                {renderTool?.(item, i)}
                {onSwap !== undefined && items.length > 1 && (
                  <div className="flex flex-col gap-0.5 opacity-0 transition-opacity duration-(--fast) group-focus-within:opacity-100 group-hover:opacity-100">
                    <IconButton
                      size="small"
                      label={`Move ${itemName} ${i + 1} up`}
                      tooltipSide="left"
                      icon={<ArrowUp size={14} />}
                      disabled={i === 0}
                      onClick={() => onSwap(i - 1)}
                    />
                    <IconButton
                      size="small"
                      label={`Move ${itemName} ${i + 1} down`}
                      tooltipSide="left"
                      icon={<ArrowDown size={14} />}
                      disabled={i === items.length - 1}
                      onClick={() => onSwap(i)}
                    />
                  </div>
                )}
              </div>
            </li>
          ))}
        </ol>
      )}
      <div>
        <Button size="small" icon={<Plus size={14} />} onClick={onAdd}>
          {addLabel}
        </Button>
      </div>
    </div>
  );
}

/** The list with the entries at `index` and after it swapped. */
export function swapped<T>(items: readonly T[], index: number): readonly T[] {
  const copy = [...items];
  [copy[index], copy[index + 1]] = [copy[index + 1], copy[index]];
  return copy;
}
