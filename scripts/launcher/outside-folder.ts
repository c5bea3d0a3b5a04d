import { mkdirSync } from "node:fs";
import { join } from "node:path";

/**
 * Path of an entry in a folder that every user can reach, for what an unprivileged PostgreSQL needs when the
 * repository or the data folder lies below a closed one. Only root asks for it, so the system's own place is used.
 */
export function outsideFolder(entry: string): string {
  const base = process.platform === "darwin" ? "/usr/local/var/millrace" : "/var/lib/millrace";
  mkdirSync(base, { recursive: true, mode: 0o711 });
  return join(base, entry);
}
