"use client";

import { X } from "lucide-react";
import { IconButton } from "../../design/IconButton.tsx";
import { TabPanel, Tabs } from "../../design/Tabs.tsx";
import { useEditorState, useObservable, useSession, useUi } from "../session/use-session.ts";
import { JsonTab } from "./JsonTab.tsx";
import { ProblemsTab } from "./ProblemsTab.tsx";

/** The pane below the canvas: problems and the pipeline as JSON. */
export function BottomPane() {
  const session = useSession();
  const tab = useUi((ui) => ui.bottom) ?? "problems";
  const findings = useObservable(session.checks.report, (report) => report.diagnostics.length);
  const isEmpty = useEditorState((state) => Object.keys(state.document.pipeline.nodes).length === 0);
  const count = isEmpty ? 0 : findings;
  return (
    <section aria-label="Details" className="flex size-full flex-col bg-surface-1">
      <Tabs
        label="Details"
        value={tab}
        onValueChange={(bottom) => session.ui.update((ui) => ({ ...ui, bottom }))}
        items={[
          { value: "problems", label: "Problems", badge: <span className="figures min-w-4 text-12 font-regular text-ink-3">{count}</span> },
          { value: "json", label: "JSON" },
        ]}
        aside={
          <IconButton
            size="small"
            label="Close the pane"
            tooltipSide="top"
            icon={<X size={16} />}
            onClick={() => session.ui.update((ui) => ({ ...ui, bottom: null }))}
          />
        }
        className="min-h-0 flex-1"
      >
        <TabPanel value="problems" className="overflow-y-auto">
          <ProblemsTab />
        </TabPanel>
        <TabPanel value="json">
          <JsonTab />
        </TabPanel>
      </Tabs>
    </section>
  );
}
