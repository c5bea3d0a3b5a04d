import Link from "next/link";
import { buttonClasses } from "../design/Button.tsx";
import { EmptyState } from "../design/EmptyState.tsx";
import { AppBar } from "../shell/AppBar.tsx";

export const metadata = { title: "Not found" };

/** An address that leads nowhere. */
export default function NotFound() {
  return (
    <div className="flex min-h-dvh flex-col">
      <AppBar />
      <main id="main" tabIndex={-1} className="mx-auto w-full max-w-[1280px] px-6 outline-none">
        <EmptyState
          title="There is nothing at this address"
          actions={
            <Link href="/" className={buttonClasses("primary")}>
              Go to the pipelines
            </Link>
          }
        >
          The pipeline may have been deleted, or the address has a typing error.
        </EmptyState>
      </main>
    </div>
  );
}
