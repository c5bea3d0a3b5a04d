"use client";

import "../design/theme.css";

/** When even the layout broke: plain words and a way back. */
export default function GlobalError({ reset }: { readonly reset: () => void }) {
  return (
    <html lang="en">
      <body>
        <title>Millrace could not be shown</title>
        <main className="mx-auto max-w-[560px] px-6 py-12">
          <h1 className="text-28 font-semibold tracking-tight">Millrace could not be shown</h1>
          <p className="mt-3 text-14 text-ink-2">Something in the page failed. Deployed pipelines are not affected.</p>
          <button type="button" onClick={reset} className="mt-4 h-8 rounded-control border border-line-strong px-3 text-13 font-medium">
            Try again
          </button>
        </main>
      </body>
    </html>
  );
}
