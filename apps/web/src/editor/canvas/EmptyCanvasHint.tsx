import Link from "next/link";
import { Kbd } from "../../design/Kbd.tsx";

/** What to do with an empty canvas. Lets the pointer through to the canvas, but for its link. */
export function EmptyCanvasHint({ galleryHref }: { readonly galleryHref: string }) {
  return (
    <div className="pointer-events-none absolute inset-0 z-10 flex items-center justify-center p-6">
      <div className="flex max-w-[440px] flex-col gap-2 text-center">
        <p className="text-20 font-semibold tracking-tight">Start with a source</p>
        <p className="text-14 text-ink-2">
          Drag a source here, press <Kbd>/</Kbd> to search, or{" "}
          <Link className="pointer-events-auto font-medium text-accent underline-offset-2 hover:underline" href={galleryHref}>
            start from a template
          </Link>
          .
        </p>
      </div>
    </div>
  );
}
