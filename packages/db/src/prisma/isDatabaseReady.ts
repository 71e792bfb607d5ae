import pg from "pg";

/** The time limit for a connection, and then for an answer. */
const ANSWER_WITHIN_MS = 1_000;

/** Whether the database of a `DATABASE_URL` answers. */
export async function isDatabaseReady(databaseUrl: string): Promise<boolean> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: ANSWER_WITHIN_MS,
    query_timeout: ANSWER_WITHIN_MS,
  });
  // A lost connection already fails the current statement; without a listener the event would end the whole process.
  client.on("error", () => {});
  try {
    await client.connect();
    await client.query("SELECT 1");
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}
