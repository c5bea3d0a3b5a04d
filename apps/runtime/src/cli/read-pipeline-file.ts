import { readFile } from "node:fs/promises";
import { CliError, exitCodes } from "./exit-codes.ts";

/** The text of a pipeline file; `-` is the standard input. Throws a `CliError` that says what to do. */
export async function readPipelineFile(path: string): Promise<string> {
  try {
    return await readFile(path === "-" ? "/dev/stdin" : path, "utf8");
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? cause.code : String(cause);
    if (code === "ENOENT") {
      throw new CliError(exitCodes.usage, `There is no file ${path}. Name a pipeline file, such as one exported from the editor.`);
    }
    if (code === "EISDIR") throw new CliError(exitCodes.usage, `${path} is a folder. Name a pipeline file inside it.`);
    throw new CliError(exitCodes.usage, `${path} cannot be read (${String(code)}). Check its permissions.`);
  }
}
