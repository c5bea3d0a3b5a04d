"use client";

import { CategoryIcon } from "../../design/CategoryIcon.tsx";
import { Tooltip } from "../../design/Tooltip.tsx";
import { addKind } from "../session/actions.ts";
import { useSession } from "../session/use-session.ts";
import { categories } from "./categories.ts";
import { startPaletteDrag } from "./palette-drag.ts";

/** The kinds of nodes as icons alone; their names come on hover and focus. */
export function KindRail() {
  const session = useSession();
  const { definitions } = session.language.catalogue;
  return (
    <div className="flex min-h-0 flex-1 flex-col items-center gap-1 overflow-y-auto py-2 [scrollbar-width:none]">
      {categories.map(({ category }) => {
        const kinds = definitions.filter((kind) => kind.category === category);
        if (kinds.length === 0) return null;
        return (
          <div key={category} className="flex flex-col gap-1 border-b border-line pb-1 last:border-b-0">
            {kinds.map((kind) => (
              <Tooltip key={kind.type} content={kind.label} side="right">
                <button
                  type="button"
                  aria-label={`Add ${kind.label}`}
                  draggable
                  onDragStart={(event) => startPaletteDrag(event, kind)}
                  onClick={() => addKind(session, kind.type)}
                  className="flex size-8 cursor-grab items-center justify-center rounded-control hover:bg-surface-2"
                >
                  <CategoryIcon category={kind.category} icon={kind.icon} />
                </button>
              </Tooltip>
            ))}
          </div>
        );
      })}
    </div>
  );
}
