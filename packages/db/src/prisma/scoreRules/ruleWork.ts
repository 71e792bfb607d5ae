import { ScoreRuleTerms } from "@signalbox/model";
import type { PrismaClient } from "../generated/client.ts";
import { askStateStore } from "../stateStore.ts";

/**
 * A rule version with work to do. One with `looks` searches for traces that are over from `lookedUntilMs`
 * (milliseconds since 1970) on; each scores the traces that wait for it, unless its rule is disabled.
 */
export interface RuleWork {
  readonly project: string;
  readonly ruleId: string;
  readonly name: string;
  readonly version: number;
  readonly terms: ScoreRuleTerms;
  readonly isEnabled: boolean;
  readonly tracesPerHourMax: number | null;
  readonly isEnded: boolean;
  readonly isRemoved: boolean;
  readonly lookedUntilMs: number;
  readonly note: string | null;
}

/** Every rule version with work to do. */
export async function listRuleWork(prisma: PrismaClient): Promise<RuleWork[]> {
  const rows = await askStateStore(() =>
    prisma.scoreRuleVersionRow.findMany({
      where: { drainedAt: null },
      include: { rule: true },
      orderBy: [{ ruleId: "asc" }, { version: "asc" }],
    }),
  );
  return rows.map(
    ({ ruleId, version, terms, lookedUntil, endedAt, note, rule: { project, name, enabled, tracesPerHourMax, removedAt } }) => ({
      ...{ project, ruleId, name, version, note, terms: ScoreRuleTerms.parse(terms), isEnabled: enabled, tracesPerHourMax },
      ...{ isEnded: endedAt !== null, isRemoved: removedAt !== null, lookedUntilMs: lookedUntil.getTime() },
    }),
  );
}

const HOUR_MS = 3_600_000;

/**
 * Advances a version's watermark, and counts the traces that did not pass its filter.
 * False, with nothing counted, if somebody else advanced it, or it ended meanwhile.
 */
export async function advanceRuleLook(
  prisma: PrismaClient,
  { ruleId, version, lookedUntilMs }: Pick<RuleWork, "ruleId" | "version" | "lookedUntilMs">,
  { untilMs, unmatched }: { untilMs: number; unmatched: number },
): Promise<boolean> {
  return askStateStore(() =>
    prisma.$transaction(async (transaction) => {
      const { count } = await transaction.scoreRuleVersionRow.updateMany({
        where: { ruleId, version, lookedUntil: new Date(lookedUntilMs), endedAt: null },
        data: { lookedUntil: new Date(untilMs) },
      });
      if (count === 0) return false;
      if (unmatched > 0) {
        const hour = new Date(Math.floor((untilMs - 1) / HOUR_MS) * HOUR_MS);
        await transaction.$executeRaw`
          INSERT INTO score_rule_hour (rule_id, version, hour, unmatched) VALUES (${ruleId}::uuid, ${version}, ${hour}, ${unmatched})
          ON CONFLICT (rule_id, version, hour) DO UPDATE SET unmatched = score_rule_hour.unmatched + excluded.unmatched`;
      }
      return true;
    }),
  );
}

/** Records that no trace waits for an ended version any more. */
export async function drainRuleVersion(
  prisma: PrismaClient,
  { ruleId, version }: Pick<RuleWork, "ruleId" | "version">,
  now: Date,
): Promise<void> {
  await askStateStore(() =>
    prisma.scoreRuleVersionRow.updateMany({ where: { ruleId, version, endedAt: { not: null } }, data: { drainedAt: now } }),
  );
}

/** Records why a version's scorers cannot work, or that they can. */
export async function noteRuleVersion(
  prisma: PrismaClient,
  { ruleId, version }: Pick<RuleWork, "ruleId" | "version">,
  note: string | null,
): Promise<void> {
  await askStateStore(() => prisma.scoreRuleVersionRow.updateMany({ where: { ruleId, version }, data: { note } }));
}

/** The number of traces that did not pass each rule's filter in a project, in the hours from `from` on. */
export async function countUnmatched(prisma: PrismaClient, project: string, from: Date): Promise<ReadonlyMap<string, number>> {
  const rows = await askStateStore(
    () => prisma.$queryRaw<{ id: string; unmatched: number }[]>`
      SELECT score_rule.id::text AS id, sum(score_rule_hour.unmatched)::float8 AS unmatched
      FROM score_rule JOIN score_rule_hour ON score_rule_hour.rule_id = score_rule.id
      WHERE score_rule.project = ${project} AND score_rule_hour.hour >= ${from} GROUP BY score_rule.id`,
  );
  return new Map(rows.map(({ id, unmatched }) => [id, unmatched]));
}
