"use client";
import type { EditorLinks } from "../EditorShell.tsx";
export function EditorBar({ links: _ }: { readonly links: EditorLinks }) { return <header className="h-12 shrink-0 border-b border-line bg-surface-1" />; }
