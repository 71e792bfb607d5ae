import type { ClickHouseClient } from "@clickhouse/client";
import { z } from "zod";
import { readRows } from "./readRows.ts";

const COLUMNS = ["input_messages", "output_messages"] as const;

/** A column's text as its words are sought: in lower case, and a line break, which JSON writes as `\\n`, is no part of the word after it. */
const searchedOf = (column: string): string => `lower(replaceAll(${column}, '\\\\n', ' '))`;

/** What an index may hold the words of. */
export const SEARCHED = COLUMNS.map(searchedOf);

/** What divides words, in the index and in what is sought. */
export const TOKENIZER = "splitByNonAlpha";

const INDEXES = COLUMNS.map((column) => ({ name: `${column}_words`, searched: searchedOf(column) }));

/** How much of what is stored the index holds: all, once the engine has gone over what was there before it. */
const TextIndex = z.object({ indexes: z.coerce.number(), partsToDo: z.coerce.number(), bytes: z.coerce.number() });
export type TextIndexState = { isOn: boolean; partsToDo: number; bytes: number };

/** Makes messages searchable by word without reading them. What is stored already is gone over in the background. */
export async function addTextIndex(clickhouse: ClickHouseClient): Promise<void> {
  for (const { name, searched } of INDEXES) {
    await clickhouse.command({
      query: `ALTER TABLE spans ADD INDEX IF NOT EXISTS ${name} ${searched} TYPE text(tokenizer = '${TOKENIZER}')`,
    });
    await clickhouse.command({ query: `ALTER TABLE spans MATERIALIZE INDEX ${name}`, clickhouse_settings: { mutations_sync: "0" } });
  }
}

/** Takes the index away; messages can still be searched, by reading them. */
export async function dropTextIndex(clickhouse: ClickHouseClient): Promise<void> {
  for (const { name } of INDEXES) await clickhouse.command({ query: `ALTER TABLE spans DROP INDEX IF EXISTS ${name}` });
}

export async function textIndexState(clickhouse: ClickHouseClient): Promise<TextIndexState> {
  const sql = `SELECT count() AS indexes, sum(data_compressed_bytes) AS bytes,
  (SELECT sum(parts_to_do) FROM system.mutations WHERE database = currentDatabase() AND table = 'spans' AND NOT is_done) AS partsToDo
FROM system.data_skipping_indices WHERE database = currentDatabase() AND table = 'spans' AND type = 'text'`;
  const [state] = await readRows(clickhouse, { sql, params: {} }, TextIndex);
  return { isOn: (state?.indexes ?? 0) > 0, partsToDo: state?.partsToDo ?? 0, bytes: state?.bytes ?? 0 };
}
