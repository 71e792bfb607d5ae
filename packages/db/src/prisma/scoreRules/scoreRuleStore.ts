import { AppError, canonicalJson, newId, type ScoreRule, type ScoreRuleDraft, ScoreRuleTerms } from "@signalbox/model";
import type { Prisma, PrismaClient } from "../generated/client.ts";
import { requireProject } from "../projects/projectStore.ts";
import { askStateStore } from "../stateStore.ts";

const NEWEST = { versions: { orderBy: { version: "desc" }, take: 1 } } as const satisfies Prisma.ScoreRuleRowInclude;

type RuleRecord = Prisma.ScoreRuleRowGetPayload<{ include: typeof NEWEST }>;

function toRule({ id, project, name, enabled, tracesPerHourMax, version, versions: [newest] }: RuleRecord): ScoreRule {
  if (newest === undefined) throw new Error(`score rule ${id} has no version`);
  const { terms, actor, createdAt, note } = newest;
  return {
    ...ScoreRuleTerms.parse(terms),
    ...{ id, project, name, enabled, tracesPerHourMax, version, actor, note, changedAt: createdAt.toISOString() },
  };
}

const ruleNotFound = (name: string): AppError =>
  new AppError("not_found", `There is no score rule named "${name}".`, {
    hint: "`./signalbox score-rule list` shows those that there are.",
  });

/**
 * Creates or changes the rule of a name. Changed terms make a new version, which continues from the
 * old version's watermark; waiting traces are scored by the version that they wait for. A rule that is
 * enabled again starts with traces that end from now on. Throws `not_found` without such a project.
 */
export async function setScoreRule(
  prisma: PrismaClient,
  { project, name, enabled, tracesPerHourMax, ...terms }: ScoreRuleDraft,
  { actor, now }: { actor: string; now: Date },
): Promise<ScoreRule> {
  await requireProject(prisma, project);
  return askStateStore(() =>
    prisma.$transaction(async (transaction) => {
      await transaction.$queryRaw`SELECT pg_advisory_xact_lock(hashtext('score_rule'), hashtext(${project}))::text`;
      const known = await transaction.scoreRuleRow.findFirst({ where: { project, name, removedAt: null }, include: NEWEST });
      const version = { terms: terms as Prisma.InputJsonObject, actor, createdAt: now };
      if (known === null)
        return toRule(
          await transaction.scoreRuleRow.create({
            data: {
              ...{ id: newId(), project, name, enabled, tracesPerHourMax, version: 1 },
              versions: { create: { ...version, version: 1, lookedUntil: now } },
            },
            include: NEWEST,
          }),
        );
      const [newest] = known.versions;
      const where = { ruleId_version: { ruleId: known.id, version: known.version } };
      const lookedUntil = enabled && !known.enabled ? now : (newest?.lookedUntil ?? now);
      if (canonicalJson(newest?.terms) === canonicalJson(terms)) {
        await transaction.scoreRuleVersionRow.update({ where, data: { lookedUntil } });
        return toRule(
          await transaction.scoreRuleRow.update({ where: { id: known.id }, data: { enabled, tracesPerHourMax }, include: NEWEST }),
        );
      }
      await transaction.scoreRuleVersionRow.update({ where, data: { endedAt: now } });
      const next = known.version + 1;
      const versions = { create: { ...version, version: next, lookedUntil } };
      return toRule(
        await transaction.scoreRuleRow.update({
          where: { id: known.id },
          data: { enabled, tracesPerHourMax, version: next, versions },
          include: NEWEST,
        }),
      );
    }),
  );
}

/** Removes a rule; its scores stay. Throws `not_found`. */
export async function removeScoreRule(
  prisma: PrismaClient,
  { project, name, now }: { project: string; name: string; now: Date },
): Promise<void> {
  const { count } = await askStateStore(() =>
    prisma.$transaction(async (transaction) => {
      const where = { rule: { project, name, removedAt: null }, endedAt: null };
      await transaction.scoreRuleVersionRow.updateMany({ where, data: { endedAt: now } });
      return transaction.scoreRuleRow.updateMany({ where: { project, name, removedAt: null }, data: { removedAt: now } });
    }),
  );
  if (count === 0) throw ruleNotFound(name);
}

/** Up to `rowsMax` rules of a project, by name. */
export async function listScoreRules(prisma: PrismaClient, project: string, rowsMax: number): Promise<ScoreRule[]> {
  const where = { project, removedAt: null };
  const rows = await askStateStore(() => prisma.scoreRuleRow.findMany({ where, include: NEWEST, orderBy: { name: "asc" }, take: rowsMax }));
  return rows.map(toRule);
}

/** A rule by its name. Throws `not_found`. */
export async function requireScoreRule(prisma: PrismaClient, project: string, name: string): Promise<ScoreRule> {
  const row = await askStateStore(() => prisma.scoreRuleRow.findFirst({ where: { project, name, removedAt: null }, include: NEWEST }));
  if (row === null) throw ruleNotFound(name);
  return toRule(row);
}

/** The names of rules by their ids, including removed ones. */
export async function scoreRuleNames(prisma: PrismaClient, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const rows = await askStateStore(() =>
    prisma.scoreRuleRow.findMany({ where: { id: { in: [...ids] } }, select: { id: true, name: true } }),
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}
