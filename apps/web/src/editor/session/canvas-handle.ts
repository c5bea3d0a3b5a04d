import type { Position } from "@millrace/engine";

/** What other parts of the editor can ask of the canvas. */
export interface CanvasHandle {
  /** The middle of what is seen, canvas px. */
  center(): Position;
  /** Shows everything. */
  fitView(): void;
  /** Brings a node into view and gives it the focus. */
  reveal(slug: string): void;
  /** Lays out the nodes anew. */
  tidy(): void;
}
