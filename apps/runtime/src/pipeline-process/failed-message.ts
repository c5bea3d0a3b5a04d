import { FencedError, PipelineFailure } from "@millrace/engine";
import type { ProcessMessage } from "./process-messages.ts";

/** The last word of a process whose run failed. A fenced one is not to be started again: another owner has the pipeline. */
export function failedMessage(cause: unknown): Extract<ProcessMessage, { readonly kind: "failed" }> {
  const failure = cause instanceof PipelineFailure ? cause : new PipelineFailure("PIPELINE_CRASHED", null, String(cause), true, cause);
  const fenced = failure.code === "FENCED" || failure.cause instanceof FencedError;
  const { code, message, node, retryable } = failure;
  return { kind: "failed", code, message, node, retryable: retryable && !fenced, fenced };
}
