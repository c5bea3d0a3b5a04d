import type { NodeCategory } from "@millrace/engine";
import { CircleAlert, CircleX } from "lucide-react";
import type { ReactNode } from "react";
import { CategoryIcon } from "../../design/CategoryIcon.tsx";
import type { CardState } from "./card-state.ts";

export interface NodeCardProps {
  readonly title: string;
  readonly category: NodeCategory;
  readonly icon: string;
  /** The main setting in a line; empty for none. */
  readonly headline: string;
  readonly state: CardState;
  readonly disabled: boolean;
  /** Its logic differs from what runs. */
  readonly changed: boolean;
  /** Code of the failure that this node is to blame for. */
  readonly failure: string | null;
  /** Rows with the names of the ports. */
  readonly ports?: ReactNode;
  /** Live numbers. */
  readonly foot?: ReactNode;
}

/** The face of a node: what it is, its main setting, and how it does. Draws nothing but what it is given. */
export function NodeCard({ title, category, icon, headline, state, disabled, changed, failure, ports, foot }: NodeCardProps) {
  const line = secondLine(headline, state, disabled);
  return (
    <div
      className="node-card"
      data-category={category}
      data-state={failure === null ? state.kind : "failing"}
      data-disabled={disabled || undefined}
    >
      <div className="node-card-head">
        <CategoryIcon category={category} icon={icon} size={32} />
        <div className="node-card-words">
          <span className="node-card-title" title={title}>
            {title}
          </span>
          <span className="node-card-headline" data-hint={line.isHint || undefined} title={line.text}>
            {line.text}
          </span>
        </div>
        {failure !== null && (
          <span className="node-card-mark" title={failure}>
            <CircleX size={14} aria-hidden />
          </span>
        )}
        {failure === null && state.kind === "invalid" && (
          <span className="node-card-mark figures">
            <CircleAlert size={14} aria-hidden />
            {state.errors}
            <span className="sr-only">{state.errors === 1 ? " problem" : " problems"}</span>
          </span>
        )}
        {changed && (
          <span className="node-card-changed" title="Changed since the deployment">
            <span className="sr-only">Changed since the deployment</span>
          </span>
        )}
      </div>
      {ports}
      {failure !== null && <div className="node-card-failure">{failure}</div>}
      {foot}
    </div>
  );
}

function secondLine(headline: string, state: CardState, disabled: boolean): { readonly text: string; readonly isHint: boolean } {
  if (state.kind === "unknown") return { text: `unknown kind: ${state.type}`, isHint: true };
  if (state.kind === "unfinished") return { text: state.next, isHint: true };
  if (headline !== "") return { text: headline, isHint: false };
  return { text: disabled ? "disabled" : "\u2013", isHint: true };
}
