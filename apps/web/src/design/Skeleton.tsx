import { classNames } from "./class-names.ts";

/** Holds the place of something that loads; give it the size of what comes. */
export function Skeleton({ className }: { readonly className?: string }) {
  return <span aria-hidden className={classNames("skeleton block", className ?? "h-4 w-24")} />;
}
