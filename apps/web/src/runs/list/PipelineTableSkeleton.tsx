import { Skeleton } from "../../design/Skeleton.tsx";

/** Holds the place of the table while it loads. */
export function PipelineTableSkeleton() {
  return (
    <div role="status" aria-label="Loading pipelines" className="flex flex-col gap-3">
      <Skeleton className="h-8 w-64" />
      <div className="rounded-panel border border-line bg-surface-1">
        {["a", "b", "c"].map((key) => (
          <div key={key} className="flex h-14 items-center gap-6 border-b border-line px-4 last:border-b-0">
            <Skeleton className="h-4 w-56" />
            <Skeleton className="h-5 w-24" />
            <Skeleton className="ms-auto h-4 w-32 max-md:hidden" />
            <Skeleton className="h-4 w-20" />
          </div>
        ))}
      </div>
    </div>
  );
}
