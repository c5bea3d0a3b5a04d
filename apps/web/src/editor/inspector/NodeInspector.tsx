"use client";

import type { Catalogue, GraphNode, NodeDefinition } from "@millrace/engine";
import { Copy, EllipsisVertical, Eye, EyeOff, Trash2, X } from "lucide-react";
import { CategoryIcon } from "../../design/CategoryIcon.tsx";
import { IconButton } from "../../design/IconButton.tsx";
import { Menu, MenuItem, MenuSeparator } from "../../design/Menu.tsx";
import { TabPanel, Tabs } from "../../design/Tabs.tsx";
import { renameNode } from "../document/rename-node.ts";
import { categoryWords } from "../palette/categories.ts";
import { duplicateSelection, removeSelection, selectNothing, toggleDisabled } from "../session/actions.ts";
import { useNode, useReport, useSession, useUi } from "../session/use-session.ts";
import { DataTab } from "./DataTab.tsx";
import { DocsTab } from "./DocsTab.tsx";
import { sentence } from "./fields/field-props.ts";
import { InlineName } from "./InlineName.tsx";
import { NotationPanel } from "./NotationPanel.tsx";
import { Notice } from "./Notice.tsx";
import { ParamForm } from "./ParamForm.tsx";
import { UpstreamFields } from "./UpstreamFields.tsx";

/** Everything about one node. */
export function NodeInspector({ slug }: { readonly slug: string }) {
  const session = useSession();
  const node = useNode(slug);
  const tab = useUi((ui) => ui.inspectorTab);
  if (node === undefined) return null;
  const definition = session.language.catalogue.find(node.type);
  return (
    <>
      <Header slug={slug} node={node} definition={definition} />
      {definition === undefined ? (
        <p className="p-4 text-13 text-ink-2">
          This version of Millrace does not know the kind “{node.type}”. The node is kept as it is and does not run.
        </p>
      ) : (
        <Tabs
          label="About the node"
          value={tab}
          onValueChange={(inspectorTab) => session.ui.update((ui) => ({ ...ui, inspectorTab }))}
          items={[
            { value: "settings", label: "Settings" },
            { value: "data", label: "Data" },
            { value: "docs", label: "Docs" },
          ]}
          className="min-h-0 flex-1"
        >
          <TabPanel value="settings" className="overflow-y-auto">
            <NodeNotices slug={slug} node={node} />
            <ParamForm slug={slug} node={node} definition={definition} />
            {definition.notation !== undefined && <NotationPanel key={slug} slug={slug} node={node} notation={definition.notation} />}
            <UpstreamFields slug={slug} definition={definition} />
          </TabPanel>
          <TabPanel value="data" className="overflow-y-auto">
            <DataTab slug={slug} node={node} definition={definition} />
          </TabPanel>
          <TabPanel value="docs" className="overflow-y-auto">
            <DocsTab definition={definition} />
          </TabPanel>
        </Tabs>
      )}
    </>
  );
}

interface HeaderProps {
  readonly slug: string;
  readonly node: GraphNode;
  readonly definition: NodeDefinition | undefined;
}

function Header({ slug, node, definition }: HeaderProps) {
  const session = useSession();
  return (
    <header className="flex items-center gap-2 px-4 pt-3 pb-2">
      <CategoryIcon category={definition?.category ?? "transform"} icon={definition?.icon ?? "unplug"} size={32} />
      <div className="flex min-w-0 flex-1 flex-col">
        <h2 className="flex">
          <InlineName
            label="Name of the node"
            value={node.label}
            placeholder={definition?.label ?? node.type}
            onCommit={(label) => session.edit({ label: "Rename" }, (document) => renameNode(document, slug, label))}
            className="w-full text-14 font-semibold"
          />
        </h2>
        <span className="truncate px-1 text-12 text-ink-3">
          {definition === undefined ? "Unknown kind" : kindWords(definition, session.language.catalogue)}
          <span className="font-mono"> · {slug}</span>
        </span>
      </div>
      <Menu trigger={<IconButton label="More" icon={<EllipsisVertical size={16} />} />}>
        <MenuItem icon={<Copy size={14} />} hint="Ctrl D" onSelect={() => duplicateSelection(session)}>
          Duplicate
        </MenuItem>
        <MenuItem
          icon={node.disabled ? <Eye size={14} /> : <EyeOff size={14} />}
          hint="Shift E"
          onSelect={() => toggleDisabled(session, [slug])}
        >
          {node.disabled ? "Enable" : "Disable"}
        </MenuItem>
        <MenuSeparator />
        <MenuItem icon={<Trash2 size={14} />} hint="Del" danger onSelect={() => removeSelection(session)}>
          Delete
        </MenuItem>
      </Menu>
      <IconButton label="Close" icon={<X size={16} />} onClick={() => selectNothing(session)} />
    </header>
  );
}

/** The kind's label; with its category where two kinds have the same label. */
function kindWords(definition: NodeDefinition, catalogue: Catalogue): string {
  const isShared = catalogue.definitions.some((other) => other.label === definition.label && other.type !== definition.type);
  return isShared ? `${definition.label}, ${categoryWords[definition.category].toLowerCase()}` : definition.label;
}

/** What is said of the node but of no parameter: a missing input, a warning about the whole. */
function NodeNotices({ slug, node }: { readonly slug: string; readonly node: GraphNode }) {
  const session = useSession();
  const report = useReport(slug);
  const general = (report?.diagnostics ?? []).filter((diagnostic) => diagnostic.place.param === undefined);
  return (
    <div className="flex flex-col gap-2 px-4 pt-4 empty:hidden">
      {node.disabled && (
        <Notice tone="neutral" action={{ label: "Enable", onClick: () => toggleDisabled(session, [slug]) }}>
          Disabled: it is left out when the pipeline runs.
        </Notice>
      )}
      {!node.disabled && report?.leftOut === true && <Notice tone="neutral">It does not run: all that leads to it is disabled.</Notice>}
      {general.map((diagnostic) => (
        <Notice
          key={`${diagnostic.code} ${diagnostic.message}`}
          tone={diagnostic.code === "INPUT_MISSING" ? "neutral" : diagnostic.severity}
        >
          {sentence(diagnostic)}
        </Notice>
      ))}
    </div>
  );
}
