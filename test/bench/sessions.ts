import { chainDocument, inputPath, outputPath } from "./documents.ts";
import { createRandom, logStartMs } from "./log-lines.ts";
import { runPlain } from "./plain-lines.ts";
import type { Row, Subject } from "./subject.ts";

const gapMs = 1_800_000;
/** Each user looks at a page about every 12 minutes, however many users there are. */
const pauseMs = 700_000;

interface Session {
  readonly user: number;
  readonly start: number;
  last: number;
  count: number;
}

interface View {
  readonly at: number;
  readonly user: number;
}

/** Pages per session of 100,000 users, ended by half an hour of silence. */
export const sessions: Subject = sessionsSubject("sessions", 100_000, { json: 1.2 });

/** The same of a million users, over three times as many records. */
export const sessionsOfMillion: Subject = { ...sessionsSubject("sessions-1m", 1_000_000, { json: 0.8 }), scale: 3 };

/** Pages per session of some users. */
export function sessionsSubject(name: string, users: number, targets: Subject["targets"]): Subject {
  return {
    name,
    title: `Sessions of ${users.toLocaleString("en")} users, gap 30 min`,
    targets,
    input: (records) => new Map([[inputPath, viewLines(records, users)]]),
    document: chainDocument(
      name,
      [
        { name: "at", type: "timestamp" },
        { name: "user", type: "bigint" },
        { name: "page", type: "string" },
      ],
      "at",
      [{ type: "session-window", params: { keyBy: ["user"], gap: "30m", aggregates: [{ as: "pages", fn: "count" }] } }],
    ),
    plain: (input) => runPlain(input, outputPath, sessionsStage),
  };
}

/** Page views of users at random, evenly spread in time. The same numbers give the same bytes. */
export function viewLines(records: number, users: number): Uint8Array {
  const random = createRandom(11);
  const parts: Buffer[] = [];
  let lines = "";
  for (let i = 0; i < records; i++) {
    const user = Math.floor(random() * users);
    lines += `{"at":${logStartMs + Math.floor((i * pauseMs) / users)},"user":${user},"page":"/item/${Math.floor(random() * 500)}","ms":${i % 900}}\n`;
    if (lines.length < 1 << 20) continue;
    parts.push(Buffer.from(lines));
    lines = "";
  }
  return Buffer.concat([...parts, Buffer.from(lines)]);
}

function sessionsStage(emit: (row: Row) => void) {
  const open = new Map<number, Session>();
  const close = ({ user, start, last, count }: Session): void =>
    emit({ user, window_start: start, window_end: last + gapMs, last_event_time: last, duration: last - start, pages: count });
  return {
    onRecord({ at, user }: View): void {
      const known = open.get(user);
      if (known !== undefined && at - known.last <= gapMs) {
        known.last = at;
        known.count += 1;
        return;
      }
      if (known !== undefined) close(known);
      open.set(user, { user, start: at, last: at, count: 1 });
    },
    onEnd(): void {
      for (const session of open.values()) close(session);
    },
  };
}
