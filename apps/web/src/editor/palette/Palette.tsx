"use client";

import { PanelLeftClose, PanelLeftOpen } from "lucide-react";
import { IconButton } from "../../design/IconButton.tsx";
import { TabPanel, Tabs } from "../../design/Tabs.tsx";
import { useSession, useUi } from "../session/use-session.ts";
import { KindList } from "./KindList.tsx";
import { KindRail } from "./KindRail.tsx";
import { Outline } from "./Outline.tsx";

/** The left panel: what can be added, and an outline of what is there. Collapsed, a rail of icons. */
export function Palette() {
  const session = useSession();
  const isOpen = useUi((ui) => ui.paletteOpen);
  const tab = useUi((ui) => ui.paletteTab);
  const toggle = (paletteOpen: boolean): void => session.ui.update((ui) => ({ ...ui, paletteOpen }));
  if (!isOpen) {
    return (
      <nav aria-label="Palette" className="flex w-12 shrink-0 flex-col border-r border-line bg-surface-1">
        <div className="flex h-9 shrink-0 items-center justify-center border-b border-line">
          <IconButton
            size="small"
            label="Open the palette"
            tooltipSide="right"
            icon={<PanelLeftOpen size={16} />}
            onClick={() => toggle(true)}
          />
        </div>
        <KindRail />
      </nav>
    );
  }
  return (
    <nav aria-label="Palette" className="flex w-60 shrink-0 flex-col border-r border-line bg-surface-1">
      <Tabs
        label="Palette"
        value={tab}
        onValueChange={(paletteTab) => session.ui.update((ui) => ({ ...ui, paletteTab }))}
        items={[
          { value: "add", label: "Add" },
          { value: "outline", label: "Outline" },
        ]}
        aside={<IconButton size="small" label="Collapse the palette" icon={<PanelLeftClose size={16} />} onClick={() => toggle(false)} />}
        className="min-h-0 flex-1"
      >
        <TabPanel value="add" className="flex flex-col">
          <KindList />
        </TabPanel>
        <TabPanel value="outline" className="overflow-y-auto">
          <Outline />
        </TabPanel>
      </Tabs>
    </nav>
  );
}
