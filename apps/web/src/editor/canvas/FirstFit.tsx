"use client";

import { useNodesInitialized, useReactFlow, useStore } from "@xyflow/react";
import { useEffect, useRef } from "react";
import { firstFitOptions } from "./CanvasChrome.tsx";

/** Shows the whole pipeline once, as soon as its nodes and the canvas have been measured. What is added to an empty one is in view already. */
export function FirstFit({ isEmpty }: { readonly isEmpty: boolean }) {
  const { fitView } = useReactFlow();
  const isMeasured = useNodesInitialized();
  const hasRoom = useStore((state) => state.width > 0 && state.height > 0);
  const isDone = useRef(isEmpty);
  useEffect(() => {
    if (isDone.current || !isMeasured || !hasRoom) return;
    isDone.current = true;
    void fitView(firstFitOptions);
  }, [fitView, isMeasured, hasRoom]);
  return null;
}
