import type { NodeDefinition } from "@millrace/engine";
import type { DragEvent } from "react";
import { paletteDragType } from "../canvas/use-canvas-drop.ts";

/** Starts dragging a kind of node; what is under the pointer then is its tile. */
export function startPaletteDrag(event: DragEvent<HTMLElement>, kind: NodeDefinition): void {
  event.dataTransfer.setData(paletteDragType, kind.type);
  event.dataTransfer.effectAllowed = "copy";
  const tile = event.currentTarget.querySelector("span");
  if (tile !== null) event.dataTransfer.setDragImage(tile, 16, 16);
}
