import { hasApt, installPackages } from "../launcher/debian-packages.ts";
import { findProgram } from "../launcher/find-program.ts";
import { findBrowser } from "./find-browser.ts";

/**
 * Installs what the tests need of the system and npm does not bring, on Debian and as root; elsewhere returns what a
 * person has to do, one sentence for each thing that is missing.
 */
export async function installTestTools(): Promise<readonly string[]> {
  const missing: string[] = [];
  if (findBrowser() === null) missing.push("chromium");
  if (findProgram("redis-server") === null && findProgram("valkey-server") === null) missing.push("redis-server");
  if (missing.length === 0) return [];
  if (!hasApt() || process.getuid?.() !== 0) return missing.map((name) => `${name} is missing. ${adviceFor(name)}`);
  try {
    await installPackages(missing);
    return [];
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return missing.map((name) => `${name} could not be installed (${words}). ${adviceFor(name)}`);
  }
}

function adviceFor(name: string): string {
  if (name === "chromium") return "Install Chromium or set CHROMIUM_PATH to one; until then the browser suite fails.";
  return "Install Redis or Valkey (brew install redis, sudo apt-get install redis-server).";
}
