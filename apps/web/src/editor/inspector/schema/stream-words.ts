import type { StreamType } from "@millrace/engine";

/** What part fields of a stream play: its key, its time. */
export function fieldRoles(type: StreamType): Readonly<Record<string, string>> {
  const roles: Record<string, string> = Object.create(null);
  for (const name of type.key) roles[name] = "key";
  if (type.timeField !== null) roles[type.timeField] = roles[type.timeField] === undefined ? "event time" : "key, event time";
  return roles;
}

/** What there is to know of a stream besides its fields, each as a term and its plain meaning. */
export function streamFacts(type: StreamType): readonly { readonly term: string; readonly value: string; readonly meaning: string }[] {
  return [timeFact(type), keyFact(type), changelogFact(type)];
}

function timeFact({ time, timeField }: StreamType) {
  if (time === "event") {
    return {
      term: "Time",
      value: timeField === null ? "event time" : `event time (${timeField})`,
      meaning: "When the thing happened; windows go by it.",
    };
  }
  if (time === "processing") return { term: "Time", value: "processing time", meaning: "When the record was read." };
  return { term: "Time", value: "none", meaning: "Time windows cannot be used downstream." };
}

function keyFact({ key }: StreamType) {
  const value = key.length === 0 ? "none" : key.join(", ");
  return { term: "Key", value, meaning: "Keyed nodes downstream use it when they name no key of their own." };
}

function changelogFact({ changelog }: StreamType) {
  if (changelog === "append") return { term: "Records", value: "final", meaning: "What came out once is never changed." };
  if (changelog === "update")
    return { term: "Records", value: "may be replaced", meaning: "A later record with the same key replaces an earlier one." };
  return { term: "Records", value: "may be taken back", meaning: "A record may be retracted and come again." };
}
