import { realpath } from "node:fs/promises";
import { dirname, isAbsolute, relative, resolve, sep } from "node:path";
import { ConnectorError } from "@millrace/engine";

/** Decides which files a pipeline may touch, and where relative paths start. */
export interface FileAccess {
  /** The absolute path; rejects with a `ConnectorError` when it is not allowed. */
  locate(path: string): Promise<string>;
}

/** Any path of this machine; for the command line, where the user's own rights are the limit. */
export function createOpenFileAccess(base: string): FileAccess {
  return {
    async locate(path) {
      refuseNul(path);
      return resolve(base, path);
    },
  };
}

/**
 * Only paths inside one of `folders`, symbolic links resolved, so that a pipeline cannot read the machine's
 * own files. Relative paths start in the first folder.
 */
export function createGuardedFileAccess(folders: readonly [string, ...string[]]): FileAccess {
  return {
    async locate(path) {
      refuseNul(path);
      const wanted = resolve(folders[0], path);
      const real = await realOfExistingPart(wanted);
      for (const folder of folders) {
        const realFolder = await realOfExistingPart(resolve(folder));
        if (isInside(real, realFolder)) return wanted;
      }
      throw new ConnectorError(
        "FILE_NOT_ALLOWED",
        `The path ${path} is outside the folders that pipelines may use (${folders.join(", ")}). Move the file there, or add its folder to MILLRACE_FILES_ALLOW.`,
        { retryable: false },
      );
    },
  };
}

function refuseNul(path: string): void {
  if (path === "" || path.includes("\0")) {
    throw new ConnectorError("FILE_NOT_ALLOWED", "The path is empty or holds a NUL character.", { retryable: false });
  }
}

/** The path with the links of its longest existing part resolved. */
async function realOfExistingPart(path: string): Promise<string> {
  const missing: string[] = [];
  for (let at = path; ; at = dirname(at)) {
    try {
      return resolve(await realpath(at), ...missing);
    } catch {
      if (dirname(at) === at) return path;
      missing.unshift(at.slice(dirname(at).length).replaceAll(sep, ""));
    }
  }
}

function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === "" || (way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}
