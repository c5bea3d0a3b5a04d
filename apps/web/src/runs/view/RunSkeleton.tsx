import { Skeleton } from "../../design/Skeleton.tsx";

/** Holds the place of the run view while it loads. */
export function RunSkeleton() {
  return (
    <div role="status" aria-label="Loading the run" className="flex flex-col gap-6">
      <Skeleton className="h-12 w-full" />
      <Skeleton className="h-80 w-full" />
      <Skeleton className="h-48 w-full" />
    </div>
  );
}
