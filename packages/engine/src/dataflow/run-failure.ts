import { error } from "../diagnostics/diagnostic.ts";
import type { DiagnosticCode, MessageArguments } from "../diagnostics/messages.ts";
import { PipelineFailure } from "./pipeline-run.ts";

/** A failure of a run in the words of `messages.ts`. */
export function runFailure<C extends DiagnosticCode>(
  code: C,
  args: MessageArguments<C>,
  context: { readonly node: string | null; readonly retryable: boolean; readonly cause?: unknown },
): PipelineFailure {
  const { message, fix } = error(code, args);
  return new PipelineFailure(code, context.node, fix === undefined ? message : `${message} ${fix}`, context.retryable, context.cause);
}
