import { AppError, Checkpoint } from "@signalbox/model";
import type pg from "pg";
import { z } from "zod";

/** A stored checkpoint, with the frontier from which the tree can be continued. */
export type StoredCheckpoint = { checkpoint: Checkpoint; frontier: Buffer };

/** A row of the table: a checkpoint, or what is left of one that is no longer valid. */
type CheckpointRow = { number: number; stored: StoredCheckpoint | undefined };

/** A column of the store's times as ISO 8601, as checkpoints and erasures have them; null for infinity. */
export const isoTimeOf = (column: string): string => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const COLUMNS = `1 AS v, number, ${isoTimeOf("time")} AS time, size::float8 AS size, root, prev_hash AS "prevHash", tasks::float8 AS tasks, events::float8 AS events,
erased::float8 AS erased, key_id AS "keyId", hash, signature, frontier`;

const Row = z.looseObject({ number: z.number(), frontier: z.instanceof(Buffer).nullable() });

function toRow(row: unknown): CheckpointRow {
  const { frontier, ...rest } = Row.parse(row);
  const checkpoint = Checkpoint.safeParse(rest);
  return { number: rest.number, stored: checkpoint.success && frontier !== null ? { checkpoint: checkpoint.data, frontier } : undefined };
}

/** Up to `rowsMax` checkpoints from `number` on, in order. */
export async function readCheckpoints(client: pg.ClientBase, number: number, rowsMax: number): Promise<CheckpointRow[]> {
  const { rows } = await client.query(`SELECT ${COLUMNS} FROM public.checkpoint WHERE number >= $1 ORDER BY number LIMIT $2`, [
    number,
    rowsMax,
  ]);
  return rows.map(toRow);
}

/**
 * The checkpoint of a number, or the last one up to a time; undefined where there is none by
 * then. Throws `not_found` where the number does not exist or is no longer a valid checkpoint.
 */
export async function findCheckpoint(
  client: pg.ClientBase,
  at: { number: number } | { time: Date },
): Promise<StoredCheckpoint | undefined> {
  const [condition, value] = "number" in at ? ["number = $1", at.number] : ["time <= $1", at.time];
  const { rows } = await client.query(`SELECT ${COLUMNS} FROM public.checkpoint WHERE ${condition} ORDER BY number DESC LIMIT 1`, [value]);
  const row = rows.map(toRow)[0];
  if (row === undefined && "time" in at) return undefined;
  if (row?.stored !== undefined) return row.stored;
  throw new AppError("not_found", `There is no checkpoint ${row?.number ?? value} to begin with.`, {
    hint: "Without --since all of the log is verified.",
  });
}
