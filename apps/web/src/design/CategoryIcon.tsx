import type { NodeCategory } from "@millrace/engine";
import { classNames } from "./class-names.ts";
import { nodeIcon } from "./node-icons.ts";

export type TileCategory = NodeCategory | "note";

const hues: Record<TileCategory, string> = {
  source: "bg-tile-source text-hue-source",
  transform: "bg-tile-transform text-hue-transform",
  window: "bg-tile-window text-hue-window",
  join: "bg-tile-join text-hue-join",
  pattern: "bg-tile-pattern text-hue-pattern",
  sink: "bg-tile-sink text-hue-sink",
  note: "bg-tile-note text-hue-note",
};

const sizes = {
  20: { tile: "size-5 rounded-[5px]", icon: 12 },
  24: { tile: "size-6 rounded-control", icon: 14 },
  32: { tile: "size-8 rounded-control", icon: 18 },
} as const;

export interface CategoryIconProps {
  readonly category: TileCategory;
  /** Lucide name, as a node definition gives it. */
  readonly icon: string;
  /** Of the tile, px. */
  readonly size?: keyof typeof sizes;
}

/** The icon of a kind of node on a tile in its category's hue. The name stands beside it, so it is hidden from readers. */
export function CategoryIcon({ category, icon, size = 24 }: CategoryIconProps) {
  const Icon = nodeIcon(icon);
  return (
    <span aria-hidden className={classNames("inline-flex shrink-0 items-center justify-center", sizes[size].tile, hues[category])}>
      <Icon size={sizes[size].icon} strokeWidth={1.75} />
    </span>
  );
}

/** The colour of a category as a CSS value, for rings and drawings. */
export function categoryHue(category: TileCategory): string {
  return `var(--hue-${category})`;
}
