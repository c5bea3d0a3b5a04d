"use client";

import {
  ChevronRight,
  CircleAlert,
  CircleCheck,
  Download,
  EllipsisVertical,
  FileJson,
  Redo2,
  SlidersHorizontal,
  TriangleAlert,
  Undo2,
  Upload,
} from "lucide-react";
import { useState } from "react";
import { IconButton } from "../../design/IconButton.tsx";
import { Menu, MenuItem, MenuSeparator } from "../../design/Menu.tsx";
import { Tooltip } from "../../design/Tooltip.tsx";
import { renamePipeline } from "../document/rename-pipeline.ts";
import { isEmptySelection } from "../document/selection.ts";
import { InlineName } from "../inspector/InlineName.tsx";
import { countProblems } from "../problems/problem-list.ts";
import { selectNothing } from "../session/actions.ts";
import { useEditorState, useObservable, useSession } from "../session/use-session.ts";
import { DeployButton } from "./DeployButton.tsx";
import { ImportDialog } from "./ImportDialog.tsx";
import { downloadPipeline } from "./pipeline-file.ts";
import { SaveMark } from "./SaveMark.tsx";
import { StatusChip } from "./StatusChip.tsx";

/** What the editor puts into the bar: which pipeline, how it stands, and what can be done with all of it. */
export function EditorBar({ runHref }: { readonly runHref: string }) {
  const session = useSession();
  const name = useEditorState((state) => state.document.pipeline.name);
  return (
    <>
      <ChevronRight size={14} aria-hidden className="-mx-1 shrink-0 text-ink-3" />
      <h1 className="flex min-w-0">
        <InlineName
          label="Name of the pipeline"
          value={name}
          onCommit={(next) => session.edit({ label: "Rename pipeline" }, (document) => renamePipeline(document, next))}
          className="h-7 text-13 font-semibold"
        />
      </h1>
      <StatusChip />
      <SaveMark />
      <div className="ms-auto flex shrink-0 items-center gap-1">
        <ProblemsButton />
        <History />
        <PipelineSettingsButton />
        <FileMenu />
        <span className="w-1" />
        <DeployButton runHref={runHref} />
      </div>
    </>
  );
}

/** How many problems there are; opens and closes their list. */
function ProblemsButton() {
  const session = useSession();
  const report = useObservable(session.checks.report);
  const isOpen = useObservable(session.ui, (ui) => ui.bottom === "problems");
  const isEmpty = useEditorState((state) => Object.keys(state.document.pipeline.nodes).length === 0);
  // An empty canvas is a beginning, not a mistake.
  const { error, warning } = isEmpty ? { error: 0, warning: 0 } : countProblems(report);
  const toggle = (): void => session.ui.update((ui) => ({ ...ui, bottom: isOpen ? null : "problems" }));
  const words = `${error} ${error === 1 ? "error" : "errors"}, ${warning} ${warning === 1 ? "warning" : "warnings"}`;
  return (
    <Tooltip content={error + warning === 0 ? "No problems" : words}>
      <button
        type="button"
        aria-label={`Problems: ${words}`}
        aria-pressed={isOpen}
        onClick={toggle}
        className="figures flex h-8 items-center gap-2 rounded-control px-2 text-13 font-medium text-ink-2 hover:bg-surface-2 aria-pressed:bg-surface-2"
      >
        {error + warning === 0 && <CircleCheck size={16} aria-hidden className={isEmpty ? "text-ink-3" : "text-ok"} />}
        {error > 0 && (
          <span className="flex items-center gap-1 text-danger">
            <CircleAlert size={16} aria-hidden /> {error}
          </span>
        )}
        {warning > 0 && (
          <span className="flex items-center gap-1 text-warn">
            <TriangleAlert size={16} aria-hidden /> {warning}
          </span>
        )}
      </button>
    </Tooltip>
  );
}

function History() {
  const { store } = useSession();
  const past = useEditorState((state) => state.history.past.at(-1)?.label ?? null);
  const future = useEditorState((state) => state.history.future[0]?.label ?? null);
  return (
    <div className="flex max-md:hidden">
      <IconButton
        label={past === null ? "Nothing to undo" : `Undo: ${lower(past)} (Ctrl Z)`}
        icon={<Undo2 size={16} />}
        disabled={past === null}
        onClick={() => store.undo()}
      />
      <IconButton
        label={future === null ? "Nothing to redo" : `Redo: ${lower(future)} (Ctrl Shift Z)`}
        icon={<Redo2 size={16} />}
        disabled={future === null}
        onClick={() => store.redo()}
      />
    </div>
  );
}

/** Opens the settings of the pipeline itself, and lets go of what is selected for that. */
function PipelineSettingsButton() {
  const session = useSession();
  const isOpen = useObservable(session.ui, (ui) => ui.pipelineOpen);
  const toggle = (): void => {
    const hides = isOpen && isEmptySelection(session.store.selection);
    selectNothing(session);
    session.ui.update((ui) => ({ ...ui, pipelineOpen: !hides }));
  };
  return (
    <IconButton
      label="Pipeline settings and keys"
      icon={<SlidersHorizontal size={16} />}
      pressed={isOpen}
      onClick={toggle}
      className="max-md:hidden"
    />
  );
}

function FileMenu() {
  const session = useSession();
  const [importing, setImporting] = useState(false);
  return (
    <>
      <Menu trigger={<IconButton label="Import and export" icon={<EllipsisVertical size={16} />} />}>
        <MenuItem icon={<Download size={14} />} onSelect={() => downloadPipeline(session)}>
          Export as JSON
        </MenuItem>
        <MenuItem icon={<Upload size={14} />} onSelect={() => setImporting(true)}>
          Import JSON…
        </MenuItem>
        <MenuSeparator />
        <MenuItem icon={<FileJson size={14} />} onSelect={() => session.ui.update((ui) => ({ ...ui, bottom: "json" }))}>
          Show JSON
        </MenuItem>
      </Menu>
      <ImportDialog open={importing} onOpenChange={setImporting} />
    </>
  );
}

function lower(label: string): string {
  return label.charAt(0).toLowerCase() + label.slice(1);
}
