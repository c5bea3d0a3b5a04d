/** An entry of the audit log in words. */
export interface ActivityWords {
  readonly what: string;
  readonly comment: string;
  /** The version that a deployment started; null for anything else. */
  readonly startedVersion: number | null;
}

/** Says what an audit entry means; `details` is what was recorded with it, and is not trusted to have any form. */
export function activityWords(action: string, details: unknown): ActivityWords {
  const fields =
    typeof details === "object" && details !== null ? new Map<string, unknown>(Object.entries(details)) : new Map<string, unknown>();
  const version = fields.get("version");
  const number = typeof version === "number" ? version : null;
  const comment = fields.get("comment");
  const said = typeof comment === "string" ? comment : "";
  switch (action) {
    case "deployment.start": {
      const start = fields.get("startFrom");
      const savepoint = typeof start === "string" && start.startsWith("savepoint ") ? `from ${start}` : null;
      const from = savepoint ?? (start === "empty" ? "state discarded" : "from the newest checkpoint");
      return { what: `Deployed version ${number ?? "?"}, ${from}`, comment: said, startedVersion: number };
    }
    case "deployment.stop": {
      const savepoint = fields.get("savepoint");
      if (typeof savepoint === "string") return { what: `Stopped with savepoint ${savepoint}`, comment: said, startedVersion: null };
      return {
        what: fields.get("drain") === true ? "Stopped after open windows were finished" : "Stopped, state kept",
        comment: said,
        startedVersion: null,
      };
    }
    case "deployment.rehearse":
      return { what: `Rehearsed a failure: ${String(fields.get("failure") ?? "")}`, comment: said, startedVersion: null };
    case "deadLetters.replay":
      return { what: `Sent ${String(fields.get("records") ?? "")} dead letters back`, comment: said, startedVersion: null };
    case "savepoint.take":
      return { what: `Asked for savepoint ${String(fields.get("name") ?? "")}`, comment: said, startedVersion: null };
    case "savepoint.forget":
      return { what: `Gave up savepoint ${String(fields.get("checkpoint") ?? "")}`, comment: said, startedVersion: null };
    case "pipeline.create":
      return { what: "Created the pipeline", comment: said, startedVersion: null };
    case "pipeline.import":
      return { what: "Imported the pipeline", comment: said, startedVersion: null };
    case "pipeline.duplicate":
      return { what: "Made it as a copy of another pipeline", comment: said, startedVersion: null };
    default:
      return { what: action, comment: said, startedVersion: null };
  }
}
