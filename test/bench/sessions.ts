import { createRandom, logStartMs } from "./log-lines.ts";
import { forEachLine } from "./naive-error-spike.ts";
import { chainDocument } from "./run-document.ts";
import type { Subject } from "./subject.ts";

const users = 100_000;
const gapMs = 300_000;
// No multiple of it is the gap, so no two records of a user are exactly a gap apart.
const stepMs = 7;

interface Session {
  readonly user: number;
  readonly start: number;
  last: number;
  count: number;
}

/** Pages per session of 100,000 users, ended by 5 minutes of silence. */
export const sessions: Subject = {
  name: "sessions",
  title: "Sessions of 100,000 users, gap 5 min",
  input(records) {
    const random = createRandom(11);
    const lines: string[] = [];
    for (let i = 0; i < records; i++) {
      const user = Math.floor(random() * users);
      lines.push(`{"at":${logStartMs + i * stepMs},"user":${user},"page":"/item/${Math.floor(random() * 500)}","ms":${i % 900}}`);
    }
    return new TextEncoder().encode(`${lines.join("\n")}\n`);
  },
  document: chainDocument(
    "sessions",
    [
      { name: "at", type: "timestamp" },
      { name: "user", type: "bigint" },
      { name: "page", type: "string" },
    ],
    "at",
    [{ type: "session-window", params: { keyBy: ["user"], gap: "5m", aggregates: [{ as: "pages", fn: "count" }] } }],
  ),
  naive(bytes) {
    const out: string[] = [];
    const open = new Map<number, Session>();
    const close = ({ user, start, last, count }: Session): void => {
      out.push(
        JSON.stringify({
          user,
          window_start: start,
          window_end: last + gapMs,
          last_event_time: last,
          duration: last - start,
          pages: count,
        }),
      );
    };
    forEachLine(bytes, (line) => {
      const { at, user }: { at: number; user: number } = JSON.parse(line);
      const known = open.get(user);
      if (known !== undefined && at - known.last < gapMs) {
        known.last = at;
        known.count += 1;
        return;
      }
      if (known !== undefined) close(known);
      open.set(user, { user, start: at, last: at, count: 1 });
    });
    for (const session of open.values()) close(session);
    return `${out.join("\n")}\n`;
  },
};
