import pg from "pg";

/** The advisory lock for migrations of either store: any fixed number, the same for all of our runners. */
const MIGRATION_LOCK = 7_216_409_331;

/**
 * Runs `work` while no other runner migrates, after waiting for its turn.
 * PostgreSQL releases the lock when the connection ends, however it ends.
 */
export async function withMigrationLock<T>(databaseUrl: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: databaseUrl });
  // A lost connection already fails the current statement; without a listener the event would end the whole process.
  client.on("error", () => {});
  await client.connect();
  try {
    await client.query("SELECT pg_advisory_lock($1)", [MIGRATION_LOCK]);
    return await work(client);
  } finally {
    await client.end();
  }
}
