import { setTimeout } from "node:timers/promises";
import type { MetricsFrame } from "@millrace/protocol";
import { tracked } from "@trpc/server";
import type { Redis } from "ioredis";
import { z } from "zod";
import { compareStreamIds } from "../../../live/entry-list.ts";
import type { LiveEvent } from "../../../live/live-event.ts";
import { liveTopics } from "../../../live/topics.ts";
import { readStatuses } from "../../deployments/read-statuses.ts";
import { Problem } from "../../errors/problem.ts";
import { EventBuffer } from "../../live/event-buffer.ts";
import { missedEvents } from "../../live/missed-events.ts";
import { readFrames } from "../../redis/read-frames.ts";
import { procedure } from "../../trpc.ts";

const streamId = z.string().regex(/^\d{1,16}-\d{1,16}$/);

/** Least time between two messages of a stream, ms. */
const pauseMs = 150;

/** Most subscriptions that one server holds open. */
const maxOpen = 500;

/** Everything live that a tab wants to hear of, over one stream. After a break it goes on after `lastEventId`. */
export const subscribe = procedure({ role: "viewer" })
  .input(liveTopics.extend({ lastEventId: streamId.nullish() }))
  .subscription(async function* ({ ctx, input, signal }) {
    const { live, redis, shutdown } = ctx.services;
    if (live.open >= maxOpen) throw tooMany();
    const { lastEventId, ...topics } = input;
    const ended = AbortSignal.any([shutdown.signal, ...(signal === undefined ? [] : [signal])]);
    const buffer = new EventBuffer();
    const end = live.subscribe(topics, (event) => buffer.push(event));
    let cursor = lastEventId ?? "0-0";
    try {
      for (const status of (await readStatuses(redis, topics.deployments).catch(() => new Map())).values())
        buffer.push({ kind: "status", status });
      for (const frame of await lastFrames(redis, topics.deployments).catch(() => [])) buffer.push({ kind: "frame", frame });
      if (lastEventId) for (const event of await missedEvents(redis, topics, lastEventId).catch(() => [])) buffer.push(event);
      while (!ended.aborted) {
        const events = await buffer.take(ended);
        if (events.length === 0) continue;
        cursor = newestId(events, cursor);
        yield tracked(cursor, { events });
        await pause(ended);
      }
      // A stream that returns is over for the client; one that breaks off it opens again, at the next server.
      if (shutdown.signal.aborted) throw new DOMException("the server ends", "AbortError");
    } finally {
      end();
    }
  });

/** The newest frame of each deployment: what has ended sends none any more, but its totals are still to be seen. */
async function lastFrames(redis: Redis, deployments: readonly string[]): Promise<readonly MetricsFrame[]> {
  const frames = await Promise.all(deployments.map((id) => readFrames(redis, id, 1)));
  return frames.flat();
}

/** Collects what comes in the meantime into one message; a frame that is followed by a newer one is never sent. */
async function pause(ended: AbortSignal): Promise<void> {
  await setTimeout(pauseMs, undefined, { signal: ended }).catch(() => {});
}

function newestId(events: readonly LiveEvent[], known: string): string {
  let newest = known;
  for (const event of events) {
    if (!("entries" in event)) continue;
    for (const { id } of event.entries) if (compareStreamIds(id, newest) > 0) newest = id;
  }
  return newest;
}

function tooMany(): Problem {
  return new Problem({
    transport: "TOO_MANY_REQUESTS",
    code: "TOO_MANY_STREAMS",
    message: `This server holds ${maxOpen} live streams already.`,
    fix: "Close tabs that are not needed.",
  });
}
