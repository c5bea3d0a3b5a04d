"use client";

import { type NodeProps, NodeResizer } from "@xyflow/react";
import { memo, useState } from "react";
import { resizeNote, setNoteText } from "../document/notes.ts";
import { useSession } from "../session/use-session.ts";
import type { NoteFlowNode } from "./flow-elements.ts";

/** A note on the editor's canvas; a double click or Enter edits it. */
export const NoteNode = memo(function NoteNode({ data, selected }: NodeProps<NoteFlowNode>) {
  const session = useSession();
  const { note } = data;
  const [editing, setEditing] = useState(note.text === "" && selected);

  return (
    <>
      <NodeResizer
        isVisible={selected}
        minWidth={96}
        minHeight={48}
        lineClassName="note-resize-line"
        handleClassName="note-resize-handle"
        onResizeEnd={(_, box) => session.edit({ label: "Resize note" }, (document) => resizeNote(document, note.id, box))}
      />
      {editing ? (
        <textarea
          // The person has just asked to write here.
          // biome-ignore lint/a11y/noAutofocus: see above
          autoFocus
          aria-label="Text of the note"
          className="note nodrag nowheel"
          value={note.text}
          placeholder="Write a note"
          onChange={(event) =>
            session.edit({ label: "Edit note", coalesce: `note ${note.id}` }, (document) =>
              setNoteText(document, note.id, event.target.value),
            )
          }
          onBlur={() => {
            session.store.seal();
            setEditing(false);
          }}
          onKeyDown={(event) => {
            if (event.key === "Escape") event.currentTarget.blur();
          }}
        />
      ) : (
        // biome-ignore lint/a11y/noStaticElementInteractions: the canvas element around it has the focus and the name
        <div className="note" onDoubleClick={() => setEditing(true)} data-empty={note.text === "" || undefined}>
          {note.text === "" ? "Double-click to write" : note.text}
        </div>
      )}
    </>
  );
});
