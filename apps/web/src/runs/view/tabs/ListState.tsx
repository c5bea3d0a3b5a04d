import { problemOf } from "../../../client/problem-of.ts";
import { ProblemNote } from "../../../design/ProblemNote.tsx";
import { Skeleton } from "../../../design/Skeleton.tsx";

export interface ListStateProps {
  /** null while it loads. */
  readonly error: unknown;
  /** What the list holds: `alerts`. */
  readonly what: string;
}

/** A list that is not there yet: it loads, or why it could not. */
export function ListState({ error, what }: ListStateProps) {
  if (error !== null && error !== undefined) {
    const { message, fix, code } = problemOf(error);
    return <ProblemNote message={message} fix={fix} code={code} className="m-4" />;
  }
  return (
    <div role="status" aria-label={`Loading ${what}`} className="flex flex-col gap-3 p-4">
      <Skeleton className="h-4 w-2/3" />
      <Skeleton className="h-4 w-1/2" />
      <Skeleton className="h-4 w-3/5" />
    </div>
  );
}
