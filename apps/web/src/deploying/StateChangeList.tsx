import { Check, CheckCheck, CircleAlert, Minus, Plus, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { bytesWords, countWords, plural } from "../design/format/numbers.ts";
import type { StateChange, StateRehearsal } from "./state-change.ts";

const verdicts: Readonly<Record<StateChange["verdict"], { readonly word: string; readonly icon: ReactNode }>> = {
  kept: { word: "Kept", icon: <Check size={14} className="text-ok" aria-hidden /> },
  migrated: { word: "Migrated", icon: <CheckCheck size={14} className="text-info" aria-hidden /> },
  new: { word: "Starts empty", icon: <Plus size={14} className="text-ink-3" aria-hidden /> },
  discarded: { word: "Discarded", icon: <TriangleAlert size={14} className="text-warn" aria-hidden /> },
  removed: { word: "Removed", icon: <Minus size={14} className="text-warn" aria-hidden /> },
  unreadable: { word: "Damaged", icon: <CircleAlert size={14} className="text-danger" aria-hidden /> },
};

/** What a deployment keeps of the state, operator by operator, and why not the rest. */
export function StateChangeList({ rehearsal: { checkpoint, changes } }: { readonly rehearsal: StateRehearsal }) {
  if (checkpoint === 0) return <p className="text-12 text-ink-2">There is no checkpoint yet: it begins with empty state.</p>;
  return (
    <section aria-label="What becomes of the state">
      <h3 className="pb-1.5 text-12 font-medium text-ink-2">State from checkpoint {countWords(checkpoint)}</h3>
      <ul className="max-h-48 overflow-y-auto rounded-control border border-line">
        {changes.map(({ step, node, verdict, reason, stateKeys, stateBytes }) => (
          <li
            key={step}
            className="grid grid-cols-[16px_1fr_auto] items-start gap-x-2 border-b border-line px-2 py-1.5 text-13 last:border-b-0"
          >
            <span className="pt-0.5">{verdicts[verdict].icon}</span>
            <span className="min-w-0">
              <span className="block truncate font-mono text-12">{node}</span>
              {reason !== null && verdict !== "new" && <span className="block text-12 text-ink-2">{reason}</span>}
            </span>
            <span className="text-12 text-ink-2">
              {verdicts[verdict].word}
              {stateKeys > 0 && (
                <span className="figures">
                  {" "}
                  · {plural(stateKeys, "key")}, {bytesWords(stateBytes)}
                </span>
              )}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
