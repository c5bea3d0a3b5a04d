"use client";

import { createContext, useContext } from "react";
import { Observable } from "../document/observable.ts";
import { useObservable } from "../session/use-session.ts";

/** Id of the edge into which a dragged node would be inserted, if it were dropped now. */
export const DropEdgeContext = createContext<Observable<string | null>>(new Observable<string | null>(null));

/** True while a dragged node hovers over this edge. */
export function useIsDropEdge(id: string): boolean {
  return useObservable(useContext(DropEdgeContext), (edge) => edge === id);
}

/** Id of the edge at a point of the window, under whatever covers it; null when there is none. */
export function edgeAt(clientX: number, clientY: number): string | null {
  for (const element of document.elementsFromPoint(clientX, clientY)) {
    const edge = element.closest(".react-flow__edge");
    if (edge !== null) return edge.getAttribute("data-id");
  }
  return null;
}
