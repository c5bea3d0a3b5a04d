import type { Words } from "./diagnostic.ts";
import { documentMessages } from "./messages/document-messages.ts";
import { expressionMessages } from "./messages/expression-messages.ts";
import { graphMessages } from "./messages/graph-messages.ts";
import { joinMessages } from "./messages/join-messages.ts";
import { matchRecognizeMessages } from "./messages/match-recognize-messages.ts";
import { patternMessages } from "./messages/pattern-messages.ts";
import { runMessages } from "./messages/run-messages.ts";

/**
 * Every word that the engine says to a person, by code; `messages/` has a file a subject. A code is stable: it is shown,
 * searched for and tested. A message names what, where and both of the values in conflict; `fix` says what to do.
 */
export const messages = {
  ...documentMessages,
  ...graphMessages,
  ...joinMessages,
  ...matchRecognizeMessages,
  ...patternMessages,
  ...runMessages,
  ...expressionMessages,
} satisfies Record<string, (args: never) => Words>;

export type DiagnosticCode = keyof typeof messages;
export type MessageArguments<C extends DiagnosticCode> = Parameters<(typeof messages)[C]>[0];
