import { createPipelineRun, PipelineFailure, type PipelineRun, type RunEvent } from "@millrace/engine";
import { generatorConnectors } from "@millrace/nodes";
import { nativeChunks } from "../checkpoint/native-chunks.ts";
import { createConnectorRegistry } from "../connectors/connector-registry.ts";
import { countBuffersAsHeap } from "../count-buffers-as-heap.ts";
import { type LoadedPipeline, loadPipeline } from "../load-pipeline.ts";
import { openRunState } from "../state/run-state.ts";
import { systemClock } from "../system-clock.ts";
import { createThreadWorkers } from "../workers/thread-workers.ts";
import { CliError, exitCodes } from "./exit-codes.ts";
import type { Output } from "./output.ts";
import { readPipelineFile } from "./read-pipeline-file.ts";
import { openRunHost, type RunHost } from "./run-host.ts";
import type { RunOptions } from "./run-options.ts";
import { RunProgress } from "./run-progress.ts";
import { showSummary, summarise } from "./run-summary.ts";
import { applySettings } from "./set-params.ts";
import { showDiagnostic } from "./show-diagnostic.ts";

const shownLetters = 5;

/**
 * `millrace run`: runs a pipeline to the end of its input, or until SIGINT, SIGTERM or `--until-idle`; returns
 * the exit code. Rows of live tables and alert inboxes go to the standard output, everything else to the
 * standard error; with `--json` the standard output is one JSON document.
 */
export async function runCommand(path: string, options: RunOptions, output: Output): Promise<number> {
  countBuffersAsHeap();
  const loaded = loadPipeline(await readPipelineFile(path), (document) => applySettings(document, options.settings));
  if (!loaded.ok) {
    for (const diagnostic of loaded.diagnostics) output.note(showDiagnostic(diagnostic));
    return exitCodes.diagnostics;
  }
  if (!options.json) for (const warning of loaded.warnings) output.note(showDiagnostic(warning));
  const host = await openRunHost(loaded.value, options, output);
  try {
    return await runLoaded(loaded.value, options, output, host);
  } finally {
    await host.close();
  }
}

async function runLoaded(loaded: LoadedPipeline, options: RunOptions, output: Output, host: RunHost): Promise<number> {
  const { document, plan, graphHash } = loaded;
  const sources = plan.steps.filter((step) => step.operator.op === "source").map((step) => step.node);
  const delivered: Record<string, number> = Object.create(null);
  for (const step of plan.steps) if (step.operator.op === "sink") delivered[step.node] = 0;
  const nodeOf = new Map(plan.steps.map((step) => [step.id, step.node]));
  const state = await openRunState(options.state ?? document.pipeline.settings.state, plan.pipelineId, options.stateKeys);
  const run = createPipelineRun({
    plan,
    graphHash,
    ...(state === undefined ? {} : { state }),
    checkpointIntervalMs: document.pipeline.settings.checkpointIntervalMs,
    delivery: document.pipeline.settings.delivery,
    parallelism: document.pipeline.settings.parallelism,
    workers: createThreadWorkers(),
    connectors: createConnectorRegistry(host.connectors, generatorConnectors),
    store: host.store,
    clock: systemClock,
    startFrom: options.startFrom,
    ...nativeChunks,
    onEvent: (event) => {
      if (event.kind === "delivered")
        delivered[nodeOf.get(event.sink) ?? event.sink] = (delivered[nodeOf.get(event.sink) ?? event.sink] ?? 0) + event.records;
      if (!options.json) noteEvent(event, output);
    },
  });
  const startedAt = systemClock.monotonic();
  const progress = new RunProgress(run, sources, options, output);
  const release = stopOnSignals(run, options, output);
  try {
    const outcome = await run.run();
    progress.end();
    const facts = { pipeline: plan.pipelineId, outcome, durationMs: systemClock.monotonic() - startedAt, sinks: delivered };
    const summary = { ...summarise(facts, run.metrics(), sources), ...host.rows() };
    if (options.json) output.result(JSON.stringify(summary, null, 2));
    else output.note(showSummary(summary));
    return exitCodes.ok;
  } catch (cause) {
    progress.end();
    if (!(cause instanceof PipelineFailure)) throw cause;
    if (options.json)
      output.result(
        JSON.stringify(
          { pipeline: plan.pipelineId, outcome: "failed", code: cause.code, node: cause.node, message: cause.message },
          null,
          2,
        ),
      );
    throw new CliError(exitCodes.failure, `error ${cause.code}${cause.node === null ? "" : ` at ${cause.node}`}\n  ${cause.message}`);
  } finally {
    progress.end();
    release();
  }
}

/** The first signal asks for a last checkpoint and a clean end; a second one ends at once. */
function stopOnSignals(run: PipelineRun, options: RunOptions, output: Output): () => void {
  let asked = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (asked) process.exit(signal === "SIGINT" ? 130 : 143);
    asked = true;
    output.note(options.checkpoints === null ? "Stopping…" : "Stopping after a last checkpoint…");
    run.stop({ drain: options.drain });
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  return () => {
    process.off("SIGINT", stop);
    process.off("SIGTERM", stop);
  };
}

function noteEvent(event: RunEvent, output: Output): void {
  for (const line of eventLines(event)) output.note(line);
}

function eventLines(event: RunEvent): readonly string[] {
  switch (event.kind) {
    case "restored":
      return [`Restored from checkpoint ${event.checkpoint}.`];
    case "savepoint":
      return [`Kept checkpoint ${event.checkpoint} as "${event.name}".`];
    case "state-discarded":
      return [`The state of ${event.step} is left out: ${event.reason}.`];
    case "state-migrated":
      return [`The state of ${event.step} is carried over: ${event.reason}.`];
    case "sink-problem":
      return [event.problem === null ? `${event.sink} works again.` : `${event.sink}: ${event.problem.code}: ${event.problem.message}`];
    case "dead-letters": {
      const shown = event.letters
        .slice(0, shownLetters)
        .map((letter) => `dead letter of ${event.node} at ${letter.position}: ${letter.reason}`);
      const more = event.letters.length - shown.length;
      return more === 0 ? shown : [...shown, `… and ${more} more dead letters of ${event.node}`];
    }
    case "started-empty":
    case "checkpoint-committed":
    case "delivered":
      return [];
  }
}
