import type { ClickHouseClient } from "@clickhouse/client";
import { z } from "zod";
import { readRows } from "../readRows.ts";

const COLUMNS = ["input_messages", "output_messages"] as const;

/**
 * Separators that the tokenizer, which knows only ASCII, would take for parts of words: JSON's
 * escapes, and the dashes, quotes and spaces of Unicode. An escaped letter stays as it is written.
 */
const BETWEEN_WORDS = String.raw`\\\\(u(00[01]|20[0-6])[0-9a-f]|[^u])|[^\\x00-\\x7F\\pL\\pM\\pN]`;

/** Text inside JSON, normalised for the search of words: in lower case, without separators. */
export const searchedOf = (text: string): string => `replaceRegexpAll(lowerUTF8(${text}), '${BETWEEN_WORDS}', ' ')`;

/** The expressions that an index covers. */
export const SEARCHED = COLUMNS.map(searchedOf);

/** Splits texts into words, in the index and in searches. */
export const TOKENIZER = "splitByNonAlpha";

const INDEXES = COLUMNS.map((column) => ({ name: `${column}_words_utf8`, searched: searchedOf(column) }));

/** Former indexes, which held words in another form: no search can use them. */
const FORMER_NAMES = COLUMNS.map((column) => `${column}_words`);

/** The state of the index: complete once the engine has indexed the parts from before it. */
const TextIndex = z.object({ indexes: z.coerce.number(), partsToDo: z.coerce.number(), bytes: z.coerce.number() });
/** Whether there is an index; `partsToDo` are the table's parts that are not indexed yet; `bytes` is its compressed size on disk. */
export type TextIndexState = { isOn: boolean; partsToDo: number; bytes: number };

/** Adds the text index, which finds words without reading messages. Rows already stored are indexed in the background. */
export async function addTextIndex(clickhouse: ClickHouseClient): Promise<void> {
  await dropIndexes(clickhouse, FORMER_NAMES);
  for (const { name, searched } of INDEXES) {
    await clickhouse.command({
      query: `ALTER TABLE spans ADD INDEX IF NOT EXISTS ${name} ${searched} TYPE text(tokenizer = '${TOKENIZER}')`,
    });
    await clickhouse.command({ query: `ALTER TABLE spans MATERIALIZE INDEX ${name}`, clickhouse_settings: { mutations_sync: "0" } });
  }
}

/** Drops the text index; searches then read the messages. */
export async function dropTextIndex(clickhouse: ClickHouseClient): Promise<void> {
  await dropIndexes(clickhouse, [...FORMER_NAMES, ...INDEXES.map(({ name }) => name)]);
}

async function dropIndexes(clickhouse: ClickHouseClient, names: readonly string[]): Promise<void> {
  for (const name of names) await clickhouse.command({ query: `ALTER TABLE spans DROP INDEX IF EXISTS ${name}` });
}

/** The state of the text index. Throws an `AppError` as `readRows` does. */
export async function textIndexState(clickhouse: ClickHouseClient): Promise<TextIndexState> {
  const sql = `SELECT count() AS indexes, sum(data_compressed_bytes) AS bytes,
  (SELECT sum(parts_to_do) FROM system.mutations WHERE database = currentDatabase() AND table = 'spans' AND NOT is_done) AS partsToDo
FROM system.data_skipping_indices WHERE database = currentDatabase() AND table = 'spans' AND type = 'text' AND name IN {names:Array(String)}`;
  const [state] = await readRows(clickhouse, { sql, params: { names: INDEXES.map(({ name }) => name) } }, TextIndex);
  return { isOn: (state?.indexes ?? 0) > 0, partsToDo: state?.partsToDo ?? 0, bytes: state?.bytes ?? 0 };
}
