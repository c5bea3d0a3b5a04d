"use client";

import { Copy } from "lucide-react";
import { Button } from "../../design/Button.tsx";
import { toast } from "../../design/Toaster.tsx";
import { useEditorState, useSession } from "../session/use-session.ts";

/** The pipeline as canonical text, as it is saved and exported. */
export function JsonTab() {
  const { language } = useSession();
  const document = useEditorState((state) => state.document);
  const text = language.write(document);
  const copy = (): void => {
    navigator.clipboard.writeText(text).then(
      () => toast.success("Pipeline JSON copied"),
      () => toast.error("The browser does not let this page copy", { description: "Select the text and copy it yourself." }),
    );
  };
  return (
    <div className="relative h-full">
      {/* A scrolling region must be reachable by keyboard. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the region scrolls */}
      <section tabIndex={0} aria-label="Pipeline JSON" className="h-full overflow-auto p-4 focus-visible:outline-offset-[-2px]">
        <pre className="font-mono text-12 leading-normal text-ink-2 select-text">{text}</pre>
      </section>
      <Button size="small" icon={<Copy size={14} />} onClick={copy} className="absolute top-2 right-4">
        Copy
      </Button>
    </div>
  );
}
