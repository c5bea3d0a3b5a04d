import type { Metadata, Viewport } from "next";
import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { fontClasses } from "../design/fonts.ts";
import "../design/theme.css";
import { readTheme, themeCookie } from "../design/theme.ts";
import { Providers } from "../shell/Providers.tsx";

export const metadata: Metadata = {
  title: { default: "Millrace", template: "%s – Millrace" },
  description: "A visual builder for real-time stream pipelines.",
};

export const viewport: Viewport = {
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#ffffff" },
    { media: "(prefers-color-scheme: dark)", color: "#14191e" },
  ],
};

/** Every page: the theme of the viewer's cookie, fonts, providers and the skip link. */
export default async function RootLayout({ children }: { readonly children: ReactNode }) {
  const theme = readTheme((await cookies()).get(themeCookie)?.value);
  return (
    <html lang="en" className={fontClasses} data-theme={theme === "system" ? undefined : theme} suppressHydrationWarning>
      <body>
        <a
          href="#main"
          className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded-control focus:bg-surface-1 focus:px-3 focus:py-2"
        >
          Skip to the content
        </a>
        <Providers theme={theme}>{children}</Providers>
      </body>
    </html>
  );
}
