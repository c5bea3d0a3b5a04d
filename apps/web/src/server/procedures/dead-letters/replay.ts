import { redisKeys, streamCaps } from "@millrace/protocol";
import { z } from "zod";
import { Problem } from "../../errors/problem.ts";
import { findPipeline } from "../../pipelines/find-pipeline.ts";
import { pipelineId } from "../../pipelines/pipeline-id.ts";
import { readEntry } from "../../redis/stream-entry.ts";
import { readDeadLetter } from "../../redis/stream-values.ts";
import { procedure } from "../../trpc.ts";

/** Dead letters keep so much of a record; what is longer was cut, and cannot be sent back. */
const keptCharacters = 4096;

/**
 * Sends dead letters back to the sources that gave up on them, which read them once more, and takes them off the list.
 * Letters that are gone are left out; one that was cut is refused with `LETTER_CUT`, and then none is sent.
 */
export const replay = procedure({ role: "operator" })
  .input(
    z.strictObject({
      pipelineId,
      ids: z
        .array(z.string().regex(/^\d+-\d+$/))
        .min(1)
        .max(1000),
    }),
  )
  .mutation(async ({ ctx, input }) => {
    const { database, redis } = ctx.services;
    const { slug } = await findPipeline(database, input.pipelineId);
    const key = redisKeys.deadLetters(slug);
    const found = await Promise.all(input.ids.map((id) => redis.xrange(key, id, id)));
    const letters = found.flat().flatMap((entry) => readDeadLetter(readEntry(entry)) ?? []);
    const cut = letters.find(({ raw }) => raw.length >= keptCharacters);
    if (cut !== undefined) {
      throw new Problem({
        transport: "BAD_REQUEST",
        code: "LETTER_CUT",
        message: `The record at ${cut.position} is longer than the ${keptCharacters} characters that a dead letter keeps.`,
        fix: "Send it again from where it came.",
      });
    }
    const transaction = redis.multi();
    for (const { id, node, raw } of letters) {
      transaction.xadd(redisKeys.replay(slug, node), "MAXLEN", "~", streamCaps.replay, "*", "raw", raw);
      transaction.xdel(key, id);
    }
    await transaction.exec();
    await database.auditEntry.create({
      data: { actor: ctx.actor.name, action: "deadLetters.replay", subject: `pipeline:${slug}`, details: { records: letters.length } },
    });
    return { replayed: letters.length };
  });
