import { parseDuration } from "@millrace/engine";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { checkCommand } from "./check-command.ts";
import { CliError, exitCodes } from "./exit-codes.ts";
import { explainCommand } from "./explain-command.ts";
import { processOutput } from "./output.ts";
import { runCommand } from "./run-command.ts";
import { type ParamSetting, parseSetting } from "./set-params.ts";

interface RunFlags {
  readonly checkpoints?: string;
  readonly redis?: string;
  readonly startFrom?: "latest" | "empty";
  readonly json?: true;
  readonly set: readonly ParamSetting[];
  readonly untilIdle?: number;
  readonly drain?: true;
  readonly overwrite?: true;
  readonly state?: "memory" | "disk";
  readonly stateKeys?: number;
}

/** What a shell reports for a process that SIGPIPE ended. */
const brokenPipe = 141;

const json = "--json";
const pipelineArgument = "a pipeline file, or - for the standard input";

function createProgram(finish: (code: number) => void): Command {
  const program = new Command("millrace");
  program
    .description("Run and check stream pipelines.")
    .exitOverride()
    .configureOutput({ writeErr: (text) => process.stderr.write(text) });
  program
    .command("run")
    .description("Run a pipeline to the end of its input, or until it is interrupted.")
    .argument("<pipeline>", pipelineArgument)
    .option("--checkpoints <folder>", "keep checkpoints here, and go on from the newest")
    .option("--redis <url>", "use this Redis for checkpoints (without --checkpoints), live tables and alerts")
    .addOption(
      new Option("--start-from <point>", "where to start (default: latest with checkpoints, else empty)").choices(["latest", "empty"]),
    )
    .option("--set <node.param=value>", "set a parameter; may be repeated", collectSetting, [])
    .option("--until-idle <duration>", "stop when the sources have brought nothing for this long, such as 2s", parseIdle)
    .option("--drain", "at a stop, fire all open windows as at the end of input")
    .option("--overwrite", "let file sinks replace what earlier runs wrote into their folders")
    .addOption(new Option("--state <place>", "where state is kept (default: as the pipeline says)").choices(["memory", "disk"]))
    .option("--state-keys <number>", "keys in memory for each operator, with state on disk", parseKeys)
    .option(json, "print one JSON document instead of rows and a summary")
    .action(async (path: string, flags: RunFlags) => {
      const durable = flags.checkpoints !== undefined || flags.redis !== undefined;
      const options = {
        checkpoints: flags.checkpoints ?? null,
        redis: flags.redis ?? null,
        startFrom: flags.startFrom ?? (durable ? "latest" : "empty"),
        json: flags.json === true,
        settings: flags.set,
        untilIdleMs: flags.untilIdle ?? null,
        drain: flags.drain === true,
        overwrite: flags.overwrite === true,
        state: flags.state ?? null,
        stateKeys: flags.stateKeys ?? null,
      };
      finish(await runCommand(path, options, processOutput));
    });
  program
    .command("check")
    .description("Say what is wrong with a pipeline, where, and what to do about it.")
    .argument("<pipeline>", pipelineArgument)
    .option(json, "print diagnostics as JSON")
    .action(async (path: string, flags: { readonly json?: true }) =>
      finish(await checkCommand(path, { json: flags.json === true }, processOutput)),
    );
  program
    .command("explain")
    .description("Show the operators that a pipeline runs as.")
    .argument("<pipeline>", pipelineArgument)
    .option(json, "print the plan as JSON")
    .action(async (path: string, flags: { readonly json?: true }) =>
      finish(await explainCommand(path, { json: flags.json === true }, processOutput)),
    );
  return program;
}

function collectSetting(text: string, settings: readonly ParamSetting[]): readonly ParamSetting[] {
  return [...settings, parseSetting(text)];
}

function parseIdle(text: string): number {
  const ms = parseDuration(text);
  if (ms === null || ms === 0) throw new InvalidArgumentError("Give a duration such as 2s or 500ms.");
  return ms;
}

function parseKeys(text: string): number {
  const keys = Number(text);
  if (!Number.isInteger(keys) || keys < 1) throw new InvalidArgumentError("Give a whole number above 0, such as 1000000.");
  return keys;
}

/** Runs the command line; the exit code is for `process.exitCode`. */
export async function main(args: readonly string[]): Promise<number> {
  // Whoever reads the output may stop doing so, as `head` does.
  process.stdout.on("error", () => process.exit(brokenPipe));
  let code: number = exitCodes.ok;
  const program = createProgram((finished) => {
    code = finished;
  });
  try {
    await program.parseAsync(args, { from: "user" });
    return code;
  } catch (cause) {
    if (cause instanceof CommanderError) return cause.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    if (cause instanceof CliError) {
      processOutput.note(cause.message);
      return cause.exitCode;
    }
    processOutput.note(`millrace failed unexpectedly: ${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}`);
    return exitCodes.failure;
  }
}
