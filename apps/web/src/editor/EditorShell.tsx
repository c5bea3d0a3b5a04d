"use client";

import { ReactFlowProvider } from "@xyflow/react";
import { type ComponentType, type ReactNode, useEffect, useState } from "react";
import { Group, Panel, Separator, useDefaultLayout } from "react-resizable-panels";
import { EditorBar } from "./bar/EditorBar.tsx";
import { PhoneActions, PhoneBar } from "./bar/PhoneBar.tsx";
import { SaveBanner } from "./bar/SaveBanner.tsx";
import { EditorCanvas } from "./canvas/EditorCanvas.tsx";
import { ReadOnlyCanvas } from "./canvas/ReadOnlyCanvas.tsx";
import { useCanvasKeys } from "./canvas/use-canvas-keys.ts";
import { isEmptySelection } from "./document/selection.ts";
import { Inspector } from "./inspector/Inspector.tsx";
import { type LiveMetrics, LiveMetricsContext } from "./live/live-metrics.ts";
import { Palette } from "./palette/Palette.tsx";
import { BottomPane } from "./problems/BottomPane.tsx";
import type { EditorSession } from "./session/editor-session.ts";
import { useMediaQuery } from "./session/use-media-query.ts";
import { SessionContext, useEditorState, useUi } from "./session/use-session.ts";

export interface EditorLinks {
  readonly gallery: string;
  /** The page that watches the deployment. */
  readonly run: string;
}

export interface EditorShellProps {
  readonly session: EditorSession;
  /** Numbers of the newest deployment; null without one. */
  readonly live: LiveMetrics | null;
  readonly links: EditorLinks;
  /** The application's top bar; the editor's own part goes inside. */
  readonly Bar: ComponentType<{ readonly children: ReactNode }>;
}

/** The whole editor around a session. It knows no server: what it needs of one is in the session's backend. */
export function EditorShell({ session, live, links, Bar }: EditorShellProps) {
  useEffect(() => session.open(), [session]);
  useUnsavedWarning(session);
  return (
    <SessionContext value={session}>
      <LiveMetricsContext value={live}>
        <ReactFlowProvider>
          <Frame session={session} links={links} Bar={Bar} />
        </ReactFlowProvider>
      </LiveMetricsContext>
    </SessionContext>
  );
}

function Frame(props: Omit<EditorShellProps, "live">) {
  const isPhone = useMediaQuery("(max-width: 767px)");
  return isPhone ? <PhoneFrame {...props} /> : <DeskFrame {...props} />;
}

function DeskFrame({ session, links, Bar }: Omit<EditorShellProps, "live">) {
  useCanvasKeys(session);
  const isWide = useMediaQuery("(min-width: 1200px)");
  const hasSelection = useEditorState((state) => !isEmptySelection(state.selection));
  const isPipelineOpen = useUi((ui) => ui.pipelineOpen);
  const showsInspector = hasSelection || isPipelineOpen;
  return (
    <div className="flex h-dvh min-w-0 flex-col overflow-hidden bg-surface-0 text-ink">
      <Bar>
        <EditorBar runHref={links.run} />
      </Bar>
      <SaveBanner />
      <div className="relative flex min-h-0 flex-1">
        <Palette />
        <Columns inspector={showsInspector && isWide ? <Inspector /> : null}>
          <Middle galleryHref={links.gallery} />
        </Columns>
        {showsInspector && !isWide && (
          <div className="absolute inset-y-0 right-0 z-20 flex w-90 max-w-full border-l border-line shadow-float">
            <Inspector />
          </div>
        )}
      </div>
    </div>
  );
}

/** On a phone one looks at a pipeline and stops it. */
function PhoneFrame({ session, links, Bar }: Omit<EditorShellProps, "live">) {
  const document = useEditorState((state) => state.document);
  const [selected, setSelected] = useState<string | null>(null);
  return (
    <div className="flex h-dvh min-w-0 flex-col overflow-hidden bg-surface-0 text-ink">
      <Bar>
        <PhoneBar />
      </Bar>
      <SaveBanner />
      <main id="main" tabIndex={-1} className="min-h-0 flex-1 outline-none">
        <ReadOnlyCanvas document={document} catalogue={session.language.catalogue} selected={selected} onSelect={setSelected} />
      </main>
      <PhoneActions runHref={links.run} />
    </div>
  );
}

/** Canvas and bottom pane, one above the other. */
function Middle({ galleryHref }: { readonly galleryHref: string }) {
  const bottom = useUi((ui) => ui.bottom);
  const saved = useDefaultLayout({
    id: "millrace-editor-rows",
    panelIds: bottom === null ? ["canvas"] : ["canvas", "bottom"],
    storage: panelStorage,
  });
  return (
    <Group orientation="vertical" className="min-w-0 flex-1" defaultLayout={saved.defaultLayout} onLayoutChanged={saved.onLayoutChanged}>
      <Panel id="canvas" minSize={160}>
        <main id="main" tabIndex={-1} className="size-full outline-none">
          <EditorCanvas galleryHref={galleryHref} />
        </main>
      </Panel>
      {bottom !== null && (
        <>
          <Handle />
          <Panel id="bottom" defaultSize={240} minSize={96} groupResizeBehavior="preserve-pixel-size">
            <BottomPane />
          </Panel>
        </>
      )}
    </Group>
  );
}

/** Canvas and inspector, side by side. The canvas stays the same element, whether there is an inspector or not. */
function Columns({ children, inspector }: { readonly children: ReactNode; readonly inspector: ReactNode }) {
  const panelIds = inspector === null ? ["middle"] : ["middle", "inspector-panel"];
  const saved = useDefaultLayout({ id: "millrace-editor-columns", panelIds, storage: panelStorage });
  return (
    <Group orientation="horizontal" className="min-w-0 flex-1" defaultLayout={saved.defaultLayout} onLayoutChanged={saved.onLayoutChanged}>
      <Panel id="middle" minSize={320} className="flex">
        {children}
      </Panel>
      {inspector !== null && (
        <>
          <Handle />
          <Panel
            id="inspector-panel"
            defaultSize={360}
            minSize={280}
            maxSize={640}
            groupResizeBehavior="preserve-pixel-size"
            className="flex bg-surface-1"
          >
            {inspector}
          </Panel>
        </>
      )}
    </Group>
  );
}

/** A line between panels that can be dragged. */
function Handle() {
  return (
    <Separator className="relative z-10 shrink-0 bg-line transition-colors duration-(--fast) aria-[orientation=horizontal]:h-px aria-[orientation=vertical]:w-px hover:bg-accent focus-visible:bg-accent data-[separator=active]:bg-accent after:absolute aria-[orientation=horizontal]:after:-inset-y-1 aria-[orientation=horizontal]:after:inset-x-0 aria-[orientation=vertical]:after:-inset-x-1 aria-[orientation=vertical]:after:inset-y-0" />
  );
}

/** Sizes of panels are kept in this browser; on the server there is nowhere to keep them. */
const panelStorage: Pick<Storage, "getItem" | "setItem"> = {
  getItem: (key) => (typeof window === "undefined" ? null : window.localStorage.getItem(key)),
  setItem: (key, value) => {
    if (typeof window !== "undefined") window.localStorage.setItem(key, value);
  },
};

/** Asks before the tab closes while something is not saved, and saves at once when it is hidden. */
function useUnsavedWarning(session: EditorSession): void {
  useEffect(() => {
    const onLeave = (event: BeforeUnloadEvent): void => {
      if (session.saving.get().kind === "saved") return;
      void session.autosave.flush();
      event.preventDefault();
    };
    const onHide = (): void => {
      if (document.visibilityState === "hidden" && session.saving.get().kind === "unsaved") void session.autosave.flush();
    };
    window.addEventListener("beforeunload", onLeave);
    document.addEventListener("visibilitychange", onHide);
    return () => {
      window.removeEventListener("beforeunload", onLeave);
      document.removeEventListener("visibilitychange", onHide);
    };
  }, [session]);
}
