import type { Difference } from "./suite.ts";

/** Every semantics in which Millrace means to differ from the engines that vectors come from; suites share them. */

export const sessionsFireAtTheirEnd: Difference = {
  name: "sessions fire at their end",
  why: "a session fires when W >= last + gap, so that a record at exactly last + gap finds it open; Flink fires at end - 1, Kafka Streams closes at that stream time. With one more millisecond both agree",
};

export const sessionsTakeTheirGap: Difference = {
  name: "a session takes what comes at its gap",
  why: "a record at exactly last + gap belongs to the session, as in Flink and Kafka Streams; Arroyo begins another one. With a gap of one millisecond less both agree",
};

export const betweenWindowsIsNotLate: Difference = {
  name: "what is in no window is not late",
  why: "a record between hopping windows that do not meet belongs to none and is counted as such, whenever it comes; Flink calls it late once the watermark has passed it",
};

export const lateAtTheWatermark: Difference = {
  name: "a record at the watermark is late",
  why: "a watermark W says that no record with a time up to W comes any more, to interval joins too, so that no pair is late for what follows; Flink's take a record at exactly W. With watermarks of one millisecond less both agree",
};

export const goneIsTakenBack: Difference = {
  name: "what is gone is taken back",
  why: "a chain of inner joins deletes a row whose right rows are gone; Kafka Streams says nothing then, so that its table keeps a row that no longer joins. All other steps agree",
};
