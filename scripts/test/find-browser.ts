import { findProgram } from "../launcher/find-program.ts";

/** Names under which systems install a browser of the Chromium family. */
const browsers = ["chromium", "chromium-browser", "google-chrome"];

/** Path of the browser for the browser suite, `CHROMIUM_PATH` first; null when there is none. */
export function findBrowser(): string | null {
  const given = process.env.CHROMIUM_PATH;
  if (given !== undefined && given !== "") return given;
  for (const name of browsers) {
    const path = findProgram(name);
    if (path !== null) return path;
  }
  return null;
}
