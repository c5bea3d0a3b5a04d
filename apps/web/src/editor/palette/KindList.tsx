"use client";

import type { NodeDefinition } from "@millrace/engine";
import { ChevronDown, Search } from "lucide-react";
import { type KeyboardEvent, useRef, useState } from "react";
import { CategoryIcon } from "../../design/CategoryIcon.tsx";
import { TextField } from "../../design/TextField.tsx";
import { Tooltip } from "../../design/Tooltip.tsx";
import { addKind } from "../session/actions.ts";
import { useSession } from "../session/use-session.ts";
import { categories, categoryWords } from "./categories.ts";
import { startPaletteDrag } from "./palette-drag.ts";
import { searchKinds } from "./search-kinds.ts";

/** Every kind of node, by category or by search. Enter adds one, and so does dragging it to the canvas. */
export function KindList() {
  const session = useSession();
  const { definitions } = session.language.catalogue;
  const [query, setQuery] = useState("");
  const list = useRef<HTMLDivElement>(null);
  const found = searchKinds(definitions, query);

  const onSearchKey = (event: KeyboardEvent): void => {
    if (event.key === "ArrowDown") entries(list.current)[0]?.focus();
    else if (event.key === "Enter" && query !== "" && found[0] !== undefined) addKind(session, found[0].type);
    else if (event.key === "Escape" && query !== "") setQuery("");
    else if (event.key === "Escape" && event.currentTarget instanceof HTMLElement) event.currentTarget.blur();
    else return;
    event.preventDefault();
  };

  return (
    <>
      <div className="p-3 pb-2">
        <TextField
          id="palette-search"
          label="Search nodes"
          hideLabel
          type="search"
          placeholder="Search, or press /"
          icon={<Search size={14} />}
          value={query}
          onValueChange={setQuery}
          onKeyDown={onSearchKey}
        />
      </div>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: arrow keys are an extra; every entry is a button */}
      <div ref={list} className="min-h-0 flex-1 overflow-y-auto px-2 pb-3" onKeyDown={moveBetweenEntries}>
        {query === ""
          ? categories.map(({ category, heading }) => (
              <CategorySection key={category} heading={heading} kinds={definitions.filter((kind) => kind.category === category)} />
            ))
          : found.map((kind) => <KindEntry key={kind.type} kind={kind} category={categoryWords[kind.category]} />)}
        {found.length === 0 && <p className="p-2 text-13 text-ink-3">Nothing is called that. Try “window”, “file” or “alert”.</p>}
      </div>
    </>
  );
}

function CategorySection({ heading, kinds }: { readonly heading: string; readonly kinds: readonly NodeDefinition[] }) {
  if (kinds.length === 0) return null;
  return (
    <details open className="group pb-1">
      <summary className="flex h-7 list-none items-center justify-between rounded-control px-2 text-12 font-medium text-ink-3 select-none hover:text-ink [&::-webkit-details-marker]:hidden">
        {heading}
        <ChevronDown size={14} aria-hidden className="transition-transform duration-(--fast) group-not-open:-rotate-90" />
      </summary>
      {kinds.map((kind) => (
        <KindEntry key={kind.type} kind={kind} />
      ))}
    </details>
  );
}

/** `category`: named where the entry does not stand below its heading, as a source and a sink may have one name. */
function KindEntry({ kind, category }: { readonly kind: NodeDefinition; readonly category?: string }) {
  const session = useSession();
  return (
    <Tooltip content={kind.summary} side="right">
      <button
        type="button"
        draggable
        data-kind={kind.type}
        onDragStart={(event) => startPaletteDrag(event, kind)}
        onClick={() => addKind(session, kind.type)}
        className="flex h-9 w-full cursor-grab items-center gap-2.5 rounded-control px-2 text-left text-13 text-ink hover:bg-surface-2 active:cursor-grabbing"
      >
        <CategoryIcon category={kind.category} icon={kind.icon} />
        <span className="min-w-0 flex-1 truncate">{kind.label}</span>
        {category !== undefined && <span className="shrink-0 text-12 text-ink-3">{category}</span>}
      </button>
    </Tooltip>
  );
}

function entries(list: HTMLElement | null): HTMLElement[] {
  return list === null
    ? []
    : [...list.querySelectorAll<HTMLElement>("summary, [data-kind]")].filter((entry) => entry.offsetParent !== null);
}

function moveBetweenEntries(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const all = entries(event.currentTarget);
  const here = document.activeElement instanceof HTMLElement ? all.indexOf(document.activeElement) : -1;
  const next =
    all[here + (event.key === "ArrowDown" ? 1 : -1)] ?? (event.key === "ArrowUp" ? document.getElementById("palette-search") : null);
  if (here < 0 || next == null) return;
  event.preventDefault();
  next.focus();
}
