import { AppError } from "@signalbox/model";
import pg from "pg";

/** Fixes the output format of values: a database may have other defaults, such as fewer digits for numbers. */
const AS_READ = "SET TIME ZONE 'UTC'; SET DateStyle = 'ISO, YMD'; SET extra_float_digits = 1; SET bytea_output = 'hex'";

/**
 * Fixes the meaning of names: operators and functions are PostgreSQL's own, temporary tables come last, and the queries of a verification
 * name the schema of our tables. The owner of the database may have put a schema in front (`ALTER DATABASE … SET search_path`) in which a
 * table, or even `=`, is another. Our own schema is no safer: PostgreSQL takes an operator of the exact types of its arguments, wherever
 * on the path it is, before one of its own for which it would have to cast (manual, 10.2 "Operators", step 2a).
 */
const NAMES = "SET search_path = pg_catalog, pg_temp";

/**
 * Reads a consistent snapshot of a state store (the one named `snapshot`, if given),
 * while others go on writing. Throws `infrastructure` where the store does not answer.
 */
export async function atOneMoment<T>(databaseUrl: string, work: (client: pg.Client) => Promise<T>, snapshot?: string): Promise<T> {
  const client = new pg.Client({ connectionString: databaseUrl });
  // A lost connection already fails the current statement; without a listener the event would end the whole process.
  client.on("error", () => {});
  try {
    await client.connect();
    await client.query(`${AS_READ}; ${NAMES}`);
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    if (snapshot !== undefined) await client.query(`SET TRANSACTION SNAPSHOT ${pg.escapeLiteral(snapshot)}`);
    return await work(client);
  } catch (error) {
    throw asAppError(error);
  } finally {
    await client.end().catch(() => {});
  }
}

/** The name of a client's snapshot, for other clients that read the same one. */
export async function snapshotOf(client: pg.ClientBase): Promise<string> {
  const { rows } = await client.query<{ name: string }>("SELECT pg_export_snapshot() AS name");
  return rows[0]?.name ?? "";
}

/** PostgreSQL's error code for a missing table. */
const NO_SUCH_TABLE = "42P01";

/** Error codes of a server that shuts down; an error without any PostgreSQL code comes from the connection. */
const ENDING_CODES = new Set(["57P01", "57P02", "57P03"]);

function asAppError(error: unknown): unknown {
  if (error instanceof AppError || !(error instanceof Error)) return error;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  if (code === NO_SUCH_TABLE)
    return new AppError("infrastructure", "The state store (PostgreSQL) has not been brought up to date.", {
      cause: error,
      hint: "`./signalbox up` brings it up to date when it starts.",
    });
  const isOfStore = error instanceof pg.DatabaseError && !ENDING_CODES.has(code);
  const isOfConnection = code !== "" || /[Cc]onnection/.test(error.message);
  if (isOfStore || !isOfConnection) return error;
  return new AppError("upstream_unavailable", "The state store (PostgreSQL) does not answer.", {
    cause: error,
    hint: "Try again in a moment.",
  });
}
