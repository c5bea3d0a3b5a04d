import { redisKeys } from "@millrace/protocol";
import { committedRows } from "../services/committed-rows.ts";
import type { ChaosStage } from "./chaos-stage.ts";
import type { Tally } from "./chaos-state.ts";
import { chaosPipelineId, chaosTable } from "./fraud-job.ts";

/** A write of a sink or of the checkpoint store, in the order in which they took effect. */
interface Write {
  readonly checkpoint: number;
  readonly token: number;
}

/**
 * From now on PostgreSQL notes every delivery with its token, and every insertion of rows, in the transactions that make
 * them. To be called once the sink has its marker.
 */
export async function noteDeliveries({ database }: ChaosStage): Promise<void> {
  await database.query(`
    CREATE TABLE chaos_deliveries (seq bigserial PRIMARY KEY, transaction text, checkpoint bigint, token bigint);
    CREATE FUNCTION chaos_note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      INSERT INTO chaos_deliveries (transaction, checkpoint, token)
        VALUES (pg_current_xact_id()::xid::text, NEW.checkpoint, NEW.fencing_token);
      RETURN NULL;
    END $$;
    CREATE TRIGGER chaos_note AFTER UPDATE ON millrace_deliveries FOR EACH ROW EXECUTE FUNCTION chaos_note();
    CREATE TABLE chaos_insertions (transaction text);
    CREATE FUNCTION chaos_note_rows() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      INSERT INTO chaos_insertions VALUES (pg_current_xact_id()::xid::text);
      RETURN NULL;
    END $$;
    CREATE TRIGGER chaos_note_rows AFTER INSERT ON ${chaosTable} FOR EACH STATEMENT EXECUTE FUNCTION chaos_note_rows();
  `);
}

/**
 * Looks through all that was written for writes of owners that had been fenced: a token below one that wrote before, a
 * checkpoint that is there already, or rows of a transaction that bears no token at all.
 */
export async function checkHistory(stage: ChaosStage, tally: Tally): Promise<void> {
  const { rows } = await stage.database.query<{ checkpoint: string; token: string }>(
    "SELECT checkpoint, token FROM chaos_deliveries ORDER BY seq",
  );
  findStale(
    "PostgreSQL",
    rows.map(({ checkpoint, token }) => ({ checkpoint: Number(checkpoint), token: Number(token) })),
    tally,
  );
  const { rows: unnoted } = await stage.database.query<{ n: string }>(
    "SELECT count(DISTINCT transaction) AS n FROM chaos_insertions WHERE transaction NOT IN (SELECT transaction FROM chaos_deliveries)",
  );
  if (Number(unnoted[0]?.n) > 0) note(tally, `PostgreSQL: ${unnoted[0]?.n} transactions with rows bear no token`);
  // The broker is this run's own, and the topic holds this pipeline's one sink.
  const markers = await committedRows(stage.kafka.client, "millrace-commits");
  findStale(
    "Kafka",
    markers.map(({ checkpoint, fencingToken }) => ({ checkpoint: Number(checkpoint), token: Number(fencingToken) })),
    tally,
  );
  const { rows: insertions } = await stage.database.query("SELECT 1 FROM chaos_insertions LIMIT 1");
  if (rows.length === 0 || insertions.length === 0 || markers.length === 0)
    note(tally, "no delivery was noted, so that nothing is known about them");
}

/** Of the newest few checkpoints, none may bear an older token than the one before it. */
export async function checkManifests(stage: ChaosStage, tally: Tally): Promise<void> {
  const texts = await stage.deployments.redis.hvals(redisKeys.manifests(chaosPipelineId));
  const writes = texts.map((text): Write => {
    const { checkpoint, fencingToken } = JSON.parse(text) as { readonly checkpoint: number; readonly fencingToken: number };
    return { checkpoint, token: fencingToken };
  });
  findStale(
    "checkpoints",
    writes.sort((a, b) => a.checkpoint - b.checkpoint),
    tally,
  );
}

/** Exported to be tested: a checker that finds nothing must be able to. */
export function findStale(where: string, writes: readonly Write[], tally: Tally): void {
  let before: Write = { checkpoint: -1, token: 0 };
  for (const write of writes) {
    const isOlder = write.token < before.token || write.checkpoint < before.checkpoint;
    const isTwice = write.token === before.token && write.checkpoint === before.checkpoint;
    if (isOlder || isTwice) {
      const words = ({ checkpoint, token }: Write) => `checkpoint ${checkpoint} with token ${token}`;
      note(tally, `${where}: ${words(write)} after ${words(before)}`);
    }
    before = { checkpoint: Math.max(before.checkpoint, write.checkpoint), token: Math.max(before.token, write.token) };
  }
}

function note(tally: Tally, words: string): void {
  tally.staleWrites++;
  tally.examples.push(words);
}
