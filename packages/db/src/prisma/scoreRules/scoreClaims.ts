import type { PrismaClient } from "../generated/client.ts";
import { askStateStore } from "../stateStore.ts";
import type { RuleWork } from "./ruleWork.ts";

type Version = Pick<RuleWork, "ruleId" | "version">;

/** A trace that the asker alone scores now; `abandoned` counts those who claimed it before and were gone before they said what came of it. */
export interface ClaimedTrace {
  readonly traceId: string;
  readonly abandoned: number;
}

/** What is said of a claimed trace in the end: that it is done, or from when on (milliseconds since 1970) it may be tried again. */
export interface SettledTrace {
  readonly traceId: string;
  readonly nextTryAtMs: number | null;
}

/** Who claims, the time (milliseconds since 1970), and for how long nobody else may. */
interface Claim {
  readonly holder: string;
  readonly nowMs: number;
  readonly leaseMs: number;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * Claims some traces of a rule version for `holder`: those that nobody holds, and that are not done. In an hour no more of the rule's are claimed than `tracesPerHourMax` (null for no limit), in all its
 * versions and by everybody together.
 */
export async function claimTraces(
  prisma: PrismaClient,
  { ruleId, version, tracesPerHourMax }: Version & Pick<RuleWork, "tracesPerHourMax">,
  traceIds: readonly string[],
  { holder, nowMs, leaseMs }: Claim,
): Promise<ClaimedTrace[]> {
  const now = new Date(nowMs);
  return askStateStore(() =>
    prisma.$transaction(async (transaction) => {
      await transaction.$queryRaw`SELECT pg_advisory_xact_lock(hashtext('score_claim'), hashtext(${ruleId}))::text`;
      const claimed = await claimedSince(transaction, ruleId, new Date(nowMs - HOUR_MS), tracesPerHourMax);
      const room = tracesPerHourMax === null ? traceIds.length : Math.max(0, tracesPerHourMax - claimed);
      return transaction.$queryRaw<ClaimedTrace[]>`
        INSERT INTO score_claim (rule_id, version, trace_id, holder, held_until, claimed_at)
        SELECT ${ruleId}::uuid, ${version}, trace_id, ${holder}, ${new Date(nowMs + leaseMs)}, ${now}
        FROM unnest(${[...traceIds]}::text[]) WITH ORDINALITY AS asked (trace_id, place) ORDER BY place LIMIT ${room}
        ON CONFLICT (rule_id, version, trace_id) DO UPDATE SET
          holder = excluded.holder, held_until = excluded.held_until, claimed_at = excluded.claimed_at,
          abandoned = score_claim.abandoned + (score_claim.holder IS NOT NULL)::integer
        WHERE NOT score_claim.is_done AND score_claim.held_until <= ${now}
        RETURNING trace_id AS "traceId", abandoned`;
    }),
  );
}

async function claimedSince(
  transaction: Pick<PrismaClient, "scoreClaimRow">,
  ruleId: string,
  since: Date,
  tracesPerHourMax: number | null,
): Promise<number> {
  if (tracesPerHourMax === null) return 0;
  return transaction.scoreClaimRow.count({ where: { ruleId, claimedAt: { gt: since } } });
}

/** Holds claims for longer; answers those that `holder` has still: what was lost meanwhile is somebody else's to say. */
export async function keepClaims(
  prisma: PrismaClient,
  { ruleId, version }: Version,
  traceIds: readonly string[],
  { holder, nowMs, leaseMs }: Claim,
): Promise<ReadonlySet<string>> {
  const rows = await askStateStore(
    () => prisma.$queryRaw<{ traceId: string }[]>`
      UPDATE score_claim SET held_until = ${new Date(nowMs + leaseMs)}
      WHERE rule_id = ${ruleId}::uuid AND version = ${version} AND trace_id = ANY(${[...traceIds]}::text[]) AND holder = ${holder}
      RETURNING trace_id AS "traceId"`,
  );
  return new Set(rows.map(({ traceId }) => traceId));
}

/** Lets go of claims, when the ledger says what came of them. */
export async function settleClaims(
  prisma: PrismaClient,
  { ruleId, version }: Version,
  settled: readonly SettledTrace[],
  holder: string,
): Promise<void> {
  if (settled.length === 0) return;
  const traceIds = settled.map(({ traceId }) => traceId);
  const nextTries = settled.map(({ nextTryAtMs }) => (nextTryAtMs === null ? null : new Date(nextTryAtMs).toISOString()));
  await askStateStore(
    () => prisma.$executeRaw`
      UPDATE score_claim SET holder = NULL, is_done = settled.next_try IS NULL, held_until = coalesce(settled.next_try, score_claim.held_until)
      FROM unnest(${traceIds}::text[], ${nextTries}::timestamptz[]) AS settled (trace_id, next_try)
      WHERE rule_id = ${ruleId}::uuid AND version = ${version} AND score_claim.trace_id = settled.trace_id AND holder = ${holder}`,
  );
}

/** Forgets claims of more than a day ago: nobody works by a list of what waits that is as old. */
export async function dropOldClaims(prisma: PrismaClient, nowMs: number): Promise<void> {
  await askStateStore(() => prisma.scoreClaimRow.deleteMany({ where: { heldUntil: { lt: new Date(nowMs - DAY_MS) } } }));
}
