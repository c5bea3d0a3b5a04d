import { ProblemNote } from "../../design/ProblemNote.tsx";
import type { Observed } from "./use-observed-state.ts";

export interface RunProblemProps {
  readonly observed: Observed;
  readonly labelOf: (slug: string) => string;
}

/** Why a deployment failed, is degraded or has nobody who runs it. Nothing while all is well. */
export function RunProblem({ observed: { state, status }, labelOf }: RunProblemProps) {
  if (state === "NO_OWNER") {
    return (
      <Strip
        message="No runtime has reported on this deployment for 15 s."
        fix="Start a runtime, or look at its log. The deployment goes on from its newest checkpoint as soon as one takes it."
        code="NO_OWNER"
        severity="danger"
      />
    );
  }
  const problem = status?.problem ?? null;
  if (problem === null || state === "STOPPED") return null;
  const where = problem.node === null ? "" : `${labelOf(problem.node)}: `;
  return <Strip message={`${where}${problem.message}`} fix={null} code={problem.code} severity={state === "FAILED" ? "danger" : "warn"} />;
}

interface StripProps {
  readonly message: string;
  readonly fix: string | null;
  readonly code: string;
  readonly severity: "danger" | "warn";
}

function Strip({ message, fix, code, severity }: StripProps) {
  return (
    <div className="shrink-0 border-b border-line bg-surface-0 p-3">
      <ProblemNote message={message} fix={fix} code={code} severity={severity} />
    </div>
  );
}
