import { AppError } from "@signalbox/model";
import pg from "pg";

/** The first half of the advisory lock keys of eval runs: any fixed number, the same for all of our runners. */
const RUN_LOCKS = 721_640_933;

/**
 * A run that this process holds until it is disposed. `lost` is aborted with a `conflict`
 * when the connection that holds it ends earlier: another process may then take it.
 */
export interface HeldEvalRun extends AsyncDisposable {
  readonly lost: AbortSignal;
}

/**
 * Takes an eval run exclusively for this process until it is disposed; two runners would ask for
 * the same tries twice. PostgreSQL releases it when the connection ends, however it ends, so the
 * run of a killed process can be taken at once. Throws `conflict` while another process has it.
 */
export async function holdEvalRun(databaseUrl: string, runId: string): Promise<HeldEvalRun> {
  const client = new pg.Client({ connectionString: databaseUrl, keepAlive: true });
  const lost = new AbortController();
  const lose = (): void =>
    lost.abort(new AppError("conflict", `The hold on the eval run ${runId} was lost: its connection to the store ended.`));
  client.on("error", lose).on("end", lose);
  await client.connect();
  const end = async (): Promise<void> => {
    client.off("end", lose);
    await client.end();
  };
  const { rows } = await client.query<{ held: boolean }>("SELECT pg_try_advisory_lock($1, hashtext($2)) AS held", [RUN_LOCKS, runId]);
  if (rows[0]?.held === true) return { lost: lost.signal, [Symbol.asyncDispose]: end };
  await end();
  throw new AppError("conflict", `The eval run ${runId} is being run by another process.`, { hint: "Wait for it, or stop it first." });
}
