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
      const from = fields.get("startFrom") === "empty" ? "state discarded" : "from the newest checkpoint";
      return { what: `Deployed version ${number ?? "?"}, ${from}`, comment: said, startedVersion: number };
    }
    case "deployment.stop":
      return {
        what: fields.get("drain") === true ? "Stopped after open windows were finished" : "Stopped, state kept",
        comment: said,
        startedVersion: null,
      };
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
