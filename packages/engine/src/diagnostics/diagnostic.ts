import { type DiagnosticCode, type MessageArguments, messages } from "./messages.ts";

/** Half-open range of UTF-16 offsets in the text of one parameter. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Where a diagnostic points. All members are optional; an empty place means the whole document. */
export interface Place {
  /** Slug of the node. */
  readonly node?: string;
  /** Name of a port of that node. */
  readonly port?: string;
  /** Path of a parameter of that node, such as `where` or `aggregates.0.argument`. */
  readonly param?: string;
  /** Range inside the parameter's text (an expression, a template). */
  readonly span?: Span;
  /** An edge, as `from node.port` and `to node.port`. */
  readonly edge?: { readonly from: string; readonly to: string };
  /** Path in the document, for what is not in a node: `pipeline.nodes.x`. */
  readonly path?: string;
}

export type Severity = "error" | "warning" | "info";

/** One finding: what is wrong, where, and what to do about it. */
export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  /** What and where, naming both of the values in conflict. A sentence, no trailing hint. */
  readonly message: string;
  /** What to do about it, as a sentence; absent where the message says it already. */
  readonly fix?: string;
  readonly place: Place;
}

/** Builds an error from its code; the words come from `messages.ts`. */
export function error<C extends DiagnosticCode>(code: C, args: MessageArguments<C>, place: Place = {}): Diagnostic {
  return build(code, "error", args, place);
}

/** Builds a warning from its code; the words come from `messages.ts`. */
export function warning<C extends DiagnosticCode>(code: C, args: MessageArguments<C>, place: Place = {}): Diagnostic {
  return build(code, "warning", args, place);
}

/** Builds a note that asks for nothing; the words come from `messages.ts`. */
export function info<C extends DiagnosticCode>(code: C, args: MessageArguments<C>, place: Place = {}): Diagnostic {
  return build(code, "info", args, place);
}

function build<C extends DiagnosticCode>(code: C, severity: Severity, args: MessageArguments<C>, place: Place): Diagnostic {
  const words = (messages[code] as (args: MessageArguments<C>) => Words)(args);
  return words.fix === undefined
    ? { code, severity, message: words.message, place }
    : { code, severity, message: words.message, fix: words.fix, place };
}

/** What a message function returns. */
export interface Words {
  readonly message: string;
  readonly fix?: string;
}
