import { LauncherError } from "../launcher/launcher-error.ts";
import { installedFile, runNodeTool } from "./run-tool.ts";

/**
 * Builds the web application for production. Turbo knows from the hashes of all sources whether the build that is
 * there is the one that would come out; then this takes half a second.
 */
export async function buildWeb(signal?: AbortSignal): Promise<void> {
  const { exitCode, output } = await runNodeTool(
    installedFile("turbo/bin/turbo"),
    ["run", "build", "--filter=@millrace/web", "--ui=stream"],
    {
      env: { NODE_ENV: "production" },
      ...(signal === undefined ? {} : { signal }),
    },
  );
  if (exitCode !== 0)
    throw new LauncherError(`The web application could not be built:\n${output.trim()}`, "Mend what the output says and start again.");
}
