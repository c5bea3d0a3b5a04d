import type { EditorSession } from "../session/editor-session.ts";

/** Hands the pipeline to the browser as a file, in its canonical form. */
export function downloadPipeline(session: EditorSession): void {
  const { document: pipeline } = session.store;
  const address = URL.createObjectURL(new Blob([session.language.write(pipeline)], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = `${pipeline.pipeline.id}.json`;
  link.click();
  // The download has its own hold on the data once the click is over.
  setTimeout(() => URL.revokeObjectURL(address), 0);
}

/** Longest file that is read at all, bytes: a little more than a pipeline may have, so that the parser says why. */
const readAtMost = 4 << 20;

/** The text of a file that somebody chose. */
export function readPipelineFile(file: File): Promise<string> {
  return file.slice(0, readAtMost).text();
}
