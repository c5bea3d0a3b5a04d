import { GeistMono } from "geist/font/mono";
import localFont from "next/font/local";

/** The Latin part of Inter, preloaded with a fallback of the same metrics; other scripts come from `theme.css` on demand. */
const inter = localFont({
  src: "../../../../node_modules/@fontsource-variable/inter/files/inter-latin-wght-normal.woff2",
  variable: "--font-inter",
  weight: "100 900",
  adjustFontFallback: "Arial",
});

/** Classes for `<html>` that define the font variables. */
export const fontClasses = `${inter.variable} ${GeistMono.variable}`;
