"use client";

import { CloudOff, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "../../design/Button.tsx";
import { toast } from "../../design/Toaster.tsx";
import { useObservable, useSession } from "../session/use-session.ts";
import { downloadPipeline } from "./pipeline-file.ts";

/** Says below the bar when work cannot be saved, and what can be done about it. Silent otherwise. */
export function SaveBanner() {
  const session = useSession();
  const saving = useObservable(session.saving);
  const download = (
    <Button size="small" onClick={() => downloadPipeline(session)}>
      Download mine
    </Button>
  );
  if (saving.kind === "conflict") {
    return (
      <Banner
        icon={<TriangleAlert size={16} className="text-warn" aria-hidden />}
        actions={
          <>
            <Button size="small" onClick={() => void loadTheirs()}>
              Load theirs, drop mine
            </Button>
            <Button size="small" onClick={() => void session.autosave.overwrite()}>
              Keep mine, replace theirs
            </Button>
            {download}
          </>
        }
      >
        Somebody else has saved this pipeline since you opened it. Your changes are not saved.
      </Banner>
    );
  }
  if (saving.kind === "offline") {
    return (
      <Banner
        icon={<CloudOff size={16} className="text-warn" aria-hidden />}
        actions={
          <>
            <Button size="small" onClick={() => void session.autosave.flush()}>
              Try now
            </Button>
            {download}
          </>
        }
      >
        The server cannot be reached. Your changes are kept in this tab, and saving is tried again.
      </Banner>
    );
  }
  if (saving.kind === "refused") {
    return (
      <Banner
        icon={<TriangleAlert size={16} className="text-danger" aria-hidden />}
        actions={
          <>
            <Button size="small" onClick={() => void session.autosave.flush()}>
              Try again
            </Button>
            {download}
          </>
        }
      >
        Your changes are not saved. {saving.message}
      </Banner>
    );
  }
  return null;

  async function loadTheirs(): Promise<void> {
    try {
      const theirs = await session.backend.load();
      session.autosave.adopt(theirs.document, theirs.revision);
      session.store.reset(theirs.document);
    } catch {
      toast.error("Their version cannot be loaded", { description: "The server cannot be reached. Try again in a moment." });
    }
  }
}

function Banner({ icon, children, actions }: { readonly icon: ReactNode; readonly children: ReactNode; readonly actions: ReactNode }) {
  return (
    <div
      role="alert"
      className="flex min-h-11 shrink-0 flex-wrap items-center gap-x-3 gap-y-2 border-b border-line bg-warn-soft px-4 py-1.5 text-13"
    >
      {icon}
      <p className="min-w-60 flex-1">{children}</p>
      <div className="flex flex-wrap gap-2">{actions}</div>
    </div>
  );
}
