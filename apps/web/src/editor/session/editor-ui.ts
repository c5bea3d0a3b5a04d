import type { Observable } from "../document/observable.ts";

export type InspectorTab = "settings" | "data" | "docs";
export type BottomTab = "problems" | "json";
export type PaletteTab = "add" | "outline";

/** What of the editor is open and where the attention is; no part of the document. */
export interface EditorUi {
  readonly paletteOpen: boolean;
  readonly paletteTab: PaletteTab;
  readonly inspectorTab: InspectorTab;
  /** Whether the settings of the pipeline are open while nothing is selected. */
  readonly pipelineOpen: boolean;
  /** null: the bottom pane is closed. */
  readonly bottom: BottomTab | null;
  /** A parameter that asks for the focus; `request` grows with every request. */
  readonly focus: { readonly slug: string; readonly param: string; readonly request: number } | null;
}

export const initialUi: EditorUi = {
  paletteOpen: true,
  paletteTab: "add",
  inspectorTab: "settings",
  pipelineOpen: false,
  bottom: null,
  focus: null,
};

/** Opens the settings of a node at one of its parameters. */
export function focusParam(ui: Observable<EditorUi>, slug: string, param: string): void {
  ui.update((before) => ({ ...before, inspectorTab: "settings", focus: { slug, param, request: (before.focus?.request ?? 0) + 1 } }));
}
