import { Prisma, type PrismaClient } from "../generated/client.ts";
import { askStateStore } from "../stateStore.ts";
import type { RuleWork } from "./ruleWork.ts";

type Version = Pick<RuleWork, "ruleId" | "version">;

/** A trace claimed exclusively for scoring; `abandoned` counts earlier claimants that vanished before they reported a result. */
export interface ClaimedTrace {
  readonly traceId: string;
  readonly abandoned: number;
}

/** The end of a claim: the trace is done, or may be claimed again; the ledger says from when on it is retried. */
export interface SettledTrace {
  readonly traceId: string;
  readonly isDone: boolean;
}

/** The claimant, and the duration of the claim in milliseconds by the database's clock, since those of controllers may differ. */
interface Claim {
  readonly holder: string;
  readonly leaseMs: number;
}

const NOW = Prisma.sql`clock_timestamp()`;
const until = (leaseMs: number): Prisma.Sql => Prisma.sql`clock_timestamp() + make_interval(secs => ${leaseMs / 1_000})`;

/**
 * Claims traces of a rule version for `holder`: those that nobody holds and that are not done. Per hour, at most
 * `tracesPerHourMax` of the rule's traces (null for no limit) are claimed, over all versions and claimants.
 */
export async function claimTraces(
  prisma: PrismaClient,
  { ruleId, version, tracesPerHourMax }: Version & Pick<RuleWork, "tracesPerHourMax">,
  traceIds: readonly string[],
  { holder, leaseMs }: Claim,
): Promise<ClaimedTrace[]> {
  return askStateStore(() =>
    prisma.$transaction(async (transaction) => {
      await transaction.$queryRaw`SELECT pg_advisory_xact_lock(hashtext('score_claim'), hashtext(${ruleId}))::text`;
      const claimed = tracesPerHourMax === null ? 0 : await claimedInHour(transaction, ruleId);
      const room = tracesPerHourMax === null ? traceIds.length : Math.max(0, tracesPerHourMax - claimed);
      return transaction.$queryRaw<ClaimedTrace[]>`
        INSERT INTO score_claim (rule_id, version, trace_id, holder, held_until, claimed_at)
        SELECT ${ruleId}::uuid, ${version}, trace_id, ${holder}, ${until(leaseMs)}, ${NOW}
        FROM unnest(${[...traceIds]}::text[]) WITH ORDINALITY AS asked (trace_id, place) ORDER BY place LIMIT ${room}
        ON CONFLICT (rule_id, version, trace_id) DO UPDATE SET
          holder = excluded.holder, held_until = excluded.held_until, claimed_at = excluded.claimed_at,
          abandoned = score_claim.abandoned + (score_claim.holder IS NOT NULL)::integer
        WHERE NOT score_claim.is_done AND score_claim.held_until <= ${NOW}
        RETURNING trace_id AS "traceId", abandoned`;
    }),
  );
}

/**
 * Those of the given unclaimed traces that an earlier claimant abandoned; `abandoned` counts how often, as `claimTraces` will report it.
 */
export async function listAbandoned(
  prisma: PrismaClient,
  { ruleId, version }: Version,
  traceIds: readonly string[],
): Promise<ClaimedTrace[]> {
  return askStateStore(
    () => prisma.$queryRaw<ClaimedTrace[]>`
      SELECT trace_id AS "traceId", abandoned + (holder IS NOT NULL)::integer AS abandoned FROM score_claim
      WHERE rule_id = ${ruleId}::uuid AND version = ${version} AND trace_id = ANY(${[...traceIds]}::text[])
        AND NOT is_done AND held_until <= ${NOW} AND (abandoned > 0 OR holder IS NOT NULL)`,
  );
}

/** The number of traces claimed for a rule within the last hour. */
async function claimedInHour(transaction: Pick<PrismaClient, "$queryRaw">, ruleId: string): Promise<number> {
  const [row] = await transaction.$queryRaw<{ claimed: number }[]>`
    SELECT count(*)::integer AS claimed FROM score_claim WHERE rule_id = ${ruleId}::uuid AND claimed_at > ${NOW} - interval '1 hour'`;
  return row?.claimed ?? 0;
}

/** Extends claims; returns those that `holder` still has: the results of the others are somebody else's to report. */
export async function keepClaims(
  prisma: PrismaClient,
  { ruleId, version }: Version,
  traceIds: readonly string[],
  { holder, leaseMs }: Claim,
): Promise<ReadonlySet<string>> {
  const rows = await askStateStore(
    () => prisma.$queryRaw<{ traceId: string }[]>`
      UPDATE score_claim SET held_until = ${until(leaseMs)}
      WHERE rule_id = ${ruleId}::uuid AND version = ${version} AND trace_id = ANY(${[...traceIds]}::text[]) AND holder = ${holder}
      RETURNING trace_id AS "traceId"`,
  );
  return new Set(rows.map(({ traceId }) => traceId));
}

/** Releases claims once the ledger has their results. */
export async function settleClaims(
  prisma: PrismaClient,
  { ruleId, version }: Version,
  settled: readonly SettledTrace[],
  holder: string,
): Promise<void> {
  if (settled.length === 0) return;
  const traceIds = settled.map(({ traceId }) => traceId);
  const done = settled.map(({ isDone }) => isDone);
  await askStateStore(
    () => prisma.$executeRaw`
      UPDATE score_claim SET holder = NULL, is_done = settled.is_done, held_until = ${NOW}
      FROM unnest(${traceIds}::text[], ${done}::boolean[]) AS settled (trace_id, is_done)
      WHERE rule_id = ${ruleId}::uuid AND version = ${version} AND score_claim.trace_id = settled.trace_id AND holder = ${holder}`,
  );
}

/** Deletes claims older than a day: no worker's list of waiting traces is that old. */
export async function dropOldClaims(prisma: PrismaClient): Promise<void> {
  await askStateStore(() => prisma.$executeRaw`DELETE FROM score_claim WHERE held_until < ${NOW} - interval '1 day'`);
}
