import pg from "pg";

/** The lock under which migrations of either store run: any fixed number, the same for every runner of ours. */
const MIGRATION_LOCK = 7_216_409_331;

/** Does `work` while no other runner migrates; waits for its turn. PostgreSQL frees the lock when the connection ends, however it ends. */
export async function withMigrationLock<T>(databaseUrl: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: databaseUrl });
  // A connection that is lost fails the statement in hand; unheard, the event would end the whole process.
  client.on("error", () => {});
  await client.connect();
  try {
    await client.query("SELECT pg_advisory_lock($1)", [MIGRATION_LOCK]);
    return await work(client);
  } finally {
    await client.end();
  }
}
