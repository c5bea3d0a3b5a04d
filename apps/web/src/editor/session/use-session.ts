"use client";

import type { GraphNode, NodeReport } from "@millrace/engine";
import { createContext, useContext, useSyncExternalStore } from "react";
import type { EditorState } from "../document/document-store.ts";
import type { Observable } from "../document/observable.ts";
import { entryOf } from "../document/plain-record.ts";
import type { EditorSession } from "./editor-session.ts";
import type { EditorUi } from "./editor-ui.ts";

export const SessionContext = createContext<EditorSession | null>(null);

/** The session of the editor around this component. */
export function useSession(): EditorSession {
  const session = useContext(SessionContext);
  if (session === null) throw new Error("a part of the editor stands outside of one");
  return session;
}

/** A part of the editor's state. `select` must return the same value until that part changes. */
export function useEditorState<T>(select: (state: EditorState) => T): T {
  const { store } = useSession();
  const read = (): T => select(store.getSnapshot());
  return useSyncExternalStore(store.subscribe, read, read);
}

/** The value of an observable, or of a part of it that `select` finds. */
export function useObservable<T>(observable: Observable<T>): T;
export function useObservable<T, S>(observable: Observable<T>, select: (value: T) => S): S;
export function useObservable<T>(observable: Observable<T>, select: (value: T) => unknown = same): unknown {
  const read = (): unknown => select(observable.get());
  return useSyncExternalStore(observable.subscribe, read, read);
}

const same = (value: unknown): unknown => value;

/** A part of what is open. */
export function useUi<S>(select: (ui: EditorUi) => S): S {
  return useObservable(useSession().ui, select);
}

/** The node of that slug, or undefined once it is gone. */
export function useNode(slug: string): GraphNode | undefined {
  return useEditorState((state) => entryOf(state.document.pipeline.nodes, slug));
}

/** What the checker found about a node; undefined for one that it has not seen yet. */
export function useReport(slug: string): NodeReport | undefined {
  return useObservable(useSession().checks.report, (report) => report.nodes.get(slug));
}
