import { countWords } from "../../../design/format/numbers.ts";

export interface TabCountProps {
  readonly count: number;
  readonly tone: "danger" | "warn";
  /** Read after the number: `raised now`. */
  readonly meaning: string;
}

/** A count on a tab; nothing when there is nothing to count. */
export function TabCount({ count, tone, meaning }: TabCountProps) {
  if (count === 0) return null;
  const look = tone === "danger" ? "bg-danger-soft text-danger" : "bg-warn-soft text-warn";
  return (
    <span className={`figures inline-flex h-4.5 min-w-4.5 items-center justify-center rounded-full px-1 text-12 ${look}`}>
      {countWords(count)}
      <span className="sr-only"> {meaning}</span>
    </span>
  );
}
