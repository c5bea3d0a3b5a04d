import type { Difference } from "./suite.ts";

/** Every semantics in which Millrace means to differ from the engines that vectors come from; suites share them. */

export const sessionsFireAtTheirEnd: Difference = {
  name: "sessions fire at their end",
  why: "a session fires when W >= last + gap, so that a record at exactly last + gap finds it open; Flink fires at end - 1, Kafka Streams closes at that stream time. With one more millisecond both agree",
};

export const goneIsTakenBack: Difference = {
  name: "what is gone is taken back",
  why: "a chain of inner joins deletes a row whose right rows are gone; Kafka Streams says nothing then, so that its table keeps a row that no longer joins. All other steps agree",
};
