import type { DeadLetter } from "@millrace/engine";
import type { ConnectorHost, ConnectorNotice } from "../connectors/connector-host.ts";
import { createEgressPolicy } from "../connectors/egress-policy.ts";
import { createOpenFileAccess } from "../connectors/file-access.ts";

/** A host that remembers what connectors tell it. */
export interface RecordingHost extends ConnectorHost {
  readonly notices: ConnectorNotice[];
  readonly deadLetters: DeadLetter[];
}

/** A host for tests of connectors; relative paths start in `base`, and loopback may be reached. */
export function createRecordingHost(base: string, overrides: Partial<ConnectorHost> = {}): RecordingHost {
  const notices: ConnectorNotice[] = [];
  const deadLetters: DeadLetter[] = [];
  return {
    files: createOpenFileAccess(base),
    redis: null,
    egress: createEgressPolicy("127.0.0.0/8"),
    secret: () => null,
    onNotice: (notice) => void notices.push(notice),
    onDeadLetters: (_sinkId, letters) => void deadLetters.push(...letters),
    onRows: () => {},
    outputs: "durable",
    ...overrides,
    notices,
    deadLetters,
  };
}
