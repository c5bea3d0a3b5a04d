import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** Path of a program on the PATH (or in the places where systems put servers); null when it is not there. */
export function findProgram(name: string): string | null {
  const file = process.platform === "win32" ? `${name}.exe` : name;
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/usr/local/bin", "/opt/homebrew/bin"];
  for (const folder of folders) {
    if (folder === "") continue;
    try {
      accessSync(join(folder, file), constants.X_OK);
      return join(folder, file);
    } catch {
      // Not in this folder.
    }
  }
  return null;
}
