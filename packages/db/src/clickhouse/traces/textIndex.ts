import type { ClickHouseClient } from "@clickhouse/client";
import { z } from "zod";
import { readRows } from "../readRows.ts";

const COLUMNS = ["input_messages", "output_messages"] as const;

/**
 * What is no part of a word and the tokenizer, which knows ASCII, takes for one: what JSON
 * escapes, and the dashes, quotes and spaces of Unicode. An escaped letter stays as it is written.
 */
const BETWEEN_WORDS = String.raw`\\\\(u(00[01]|20[0-6])[0-9a-f]|[^u])|[^\\x00-\\x7F\\pL\\pM\\pN]`;

/** Text inside JSON as its words are sought: in lower case. */
export const searchedOf = (text: string): string => `replaceRegexpAll(lowerUTF8(${text}), '${BETWEEN_WORDS}', ' ')`;

/** What an index may hold the words of. */
export const SEARCHED = COLUMNS.map(searchedOf);

/** What divides words, in the index and in what is sought. */
export const TOKENIZER = "splitByNonAlpha";

const INDEXES = COLUMNS.map((column) => ({ name: `${column}_words_utf8`, searched: searchedOf(column) }));

/** Indexes of before, which held words in another form: no search can use them. */
const FORMER_NAMES = COLUMNS.map((column) => `${column}_words`);

/** How much of what is stored the index holds: all, once the engine has gone over what was there before it. */
const TextIndex = z.object({ indexes: z.coerce.number(), partsToDo: z.coerce.number(), bytes: z.coerce.number() });
/** Whether there is an index; `partsToDo` of the table are still to be gone over; `bytes` is what it takes on disk, compressed. */
export type TextIndexState = { isOn: boolean; partsToDo: number; bytes: number };

/** Makes messages searchable by word without reading them. What is stored already is gone over in the background. */
export async function addTextIndex(clickhouse: ClickHouseClient): Promise<void> {
  await dropIndexes(clickhouse, FORMER_NAMES);
  for (const { name, searched } of INDEXES) {
    await clickhouse.command({
      query: `ALTER TABLE spans ADD INDEX IF NOT EXISTS ${name} ${searched} TYPE text(tokenizer = '${TOKENIZER}')`,
    });
    await clickhouse.command({ query: `ALTER TABLE spans MATERIALIZE INDEX ${name}`, clickhouse_settings: { mutations_sync: "0" } });
  }
}

/** Takes the index away; messages can still be searched, by reading them. */
export async function dropTextIndex(clickhouse: ClickHouseClient): Promise<void> {
  await dropIndexes(clickhouse, [...FORMER_NAMES, ...INDEXES.map(({ name }) => name)]);
}

async function dropIndexes(clickhouse: ClickHouseClient, names: readonly string[]): Promise<void> {
  for (const name of names) await clickhouse.command({ query: `ALTER TABLE spans DROP INDEX IF EXISTS ${name}` });
}

/** Asks how the index stands. Throws an `AppError` as `readRows` does. */
export async function textIndexState(clickhouse: ClickHouseClient): Promise<TextIndexState> {
  const sql = `SELECT count() AS indexes, sum(data_compressed_bytes) AS bytes,
  (SELECT sum(parts_to_do) FROM system.mutations WHERE database = currentDatabase() AND table = 'spans' AND NOT is_done) AS partsToDo
FROM system.data_skipping_indices WHERE database = currentDatabase() AND table = 'spans' AND type = 'text' AND name IN {names:Array(String)}`;
  const [state] = await readRows(clickhouse, { sql, params: { names: INDEXES.map(({ name }) => name) } }, TextIndex);
  return { isOn: (state?.indexes ?? 0) > 0, partsToDo: state?.partsToDo ?? 0, bytes: state?.bytes ?? 0 };
}
