/** A rectangle on the screen, px. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Room that stays around a card that is brought into view, px. */
const margin = 24;

/** How far the canvas must move so that `card` lies inside `frame`; zero when it does already. A card that is too large shows its top left. */
export function shiftIntoView(card: Box, frame: Box): { readonly x: number; readonly y: number } {
  return {
    x: shift(card.left, card.right, frame.left + margin, frame.right - margin),
    y: shift(card.top, card.bottom, frame.top + margin, frame.bottom - margin),
  };
}

function shift(start: number, end: number, frameStart: number, frameEnd: number): number {
  if (start < frameStart) return frameStart - start;
  return end > frameEnd ? Math.max(frameEnd - end, frameStart - start) : 0;
}

/** The part of the canvas that nothing covers: the inspector may lie over its right side. */
export function visibleFrame(canvas: Box, inspector: Box | null): Box {
  if (inspector === null || inspector.left >= canvas.right) return canvas;
  // Member by member: those of a DOMRect are not its own.
  const { left, top, bottom } = canvas;
  return { left, top, right: Math.max(left, inspector.left), bottom };
}
