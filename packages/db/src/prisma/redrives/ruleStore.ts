import { AppError, type NewRedriveRule, newId, RedriveRule } from "@signalbox/model";
import { audit } from "../auditStore.ts";
import { Prisma, type PrismaClient } from "../generated/client.ts";
import { askStateStore } from "../stateStore.ts";

type RuleRecord = Prisma.RedriveRuleRowGetPayload<object>;

/** Prisma's error code for a violated unique index. */
const NOT_UNIQUE = "P2002";

/** The number of letters that a rule has redriven in its window that ends at `now`. */
export async function lettersInWindow(
  transaction: Prisma.TransactionClient,
  { id, minutes }: { id: string; minutes: number },
  now: Date,
): Promise<number> {
  const since = new Date(now.getTime() - minutes * 60_000);
  const [row] = await transaction.$queryRaw<{ letters: number }[]>`
    SELECT count(*)::int AS letters FROM redrive JOIN redrive_item ON redrive_item.redrive_id = redrive.id
    WHERE redrive.rule_id = ${id}::uuid AND redrive.created_at > ${since}`;
  return row?.letters ?? 0;
}

/** The use of a rule so far: letters in its window, and its last redrive. */
type Use = { letters: number; lastRedriveAt: Date | null };

const UNUSED: Use = { letters: 0, lastRedriveAt: null };

async function useOf(prisma: Prisma.TransactionClient, rule: RuleRecord, now: Date): Promise<Use> {
  const [letters, last] = await Promise.all([
    lettersInWindow(prisma, rule, now),
    prisma.redriveRow.findFirst({ where: { ruleId: rule.id }, orderBy: { createdAt: "desc" }, select: { createdAt: true } }),
  ]);
  return { letters, lastRedriveAt: last?.createdAt ?? null };
}

function toRule({ deletedAt: _, ...row }: RuleRecord, { letters, lastRedriveAt }: Use): RedriveRule {
  const [pausedAt, last] = [row.pausedAt, lastRedriveAt].map((time) => time?.toISOString() ?? null);
  return RedriveRule.parse({ ...row, createdAt: row.createdAt.toISOString(), pausedAt, lastRedriveAt: last, lettersInWindow: letters });
}

/** Creates a rule, and records that. Throws `conflict` if the project has one of that name. */
export async function createRedriveRule(
  prisma: PrismaClient,
  rule: NewRedriveRule,
  { actor, now }: { actor: string; now: Date },
): Promise<RedriveRule> {
  const { project, name, reason, ...terms } = rule;
  return askStateStore(async () => {
    try {
      return await prisma.$transaction(async (transaction) => {
        const row = await transaction.redriveRuleRow.create({ data: { id: newId(), ...rule, actor, createdAt: now } });
        await audit(transaction, [{ project, act: "rule_created", subject: row.id, actor, reason, detail: { name, ...terms }, now }]);
        return toRule(row, UNUSED);
      });
    } catch (error) {
      if (!(error instanceof Prisma.PrismaClientKnownRequestError) || error.code !== NOT_UNIQUE) throw error;
      throw new AppError("conflict", `There is a rule named "${name}" already.`, {
        cause: error,
        hint: "Delete it first, or choose another name.",
      });
    }
  });
}

/** The rules of a project, paused ones included, by name. */
export async function listRedriveRules(prisma: PrismaClient, project: string, now: Date): Promise<RedriveRule[]> {
  return askStateStore(async () => {
    const rows = await prisma.redriveRuleRow.findMany({ where: { project, deletedAt: null }, orderBy: { name: "asc" } });
    return Promise.all(rows.map(async (row) => toRule(row, await useOf(prisma, row, now))));
  });
}

/** An act of a person on an existing rule, by the rule's name. */
export type RuleAct = { project: string; name: string; actor: string; reason: string; now: Date };

function noSuchRule(name: string): AppError {
  return new AppError("not_found", `There is no rule named "${name}".`, {
    hint: "`./signalbox dlq rules list` shows those that there are.",
  });
}

const STEERED = {
  pause: { act: "rule_paused", already: "is paused already" },
  resume: { act: "rule_resumed", already: "is in force already" },
} as const;

/**
 * Pauses a rule, which then makes no redrives, or resumes it, and records that; the redrives that
 * it made go on. Throws `not_found`, and `conflict` if the rule is paused, or in force, already.
 */
export async function steerRedriveRule(
  prisma: PrismaClient,
  steer: keyof typeof STEERED,
  { project, name, actor, reason, now }: RuleAct,
): Promise<RedriveRule> {
  const { act, already } = STEERED[steer];
  return askStateStore(() =>
    prisma.$transaction(async (transaction) => {
      const there = { project, name, deletedAt: null };
      const [row] = await transaction.redriveRuleRow.updateManyAndReturn({
        where: { ...there, pausedAt: steer === "pause" ? null : { not: null } },
        data: { pausedAt: steer === "pause" ? now : null },
      });
      if (row === undefined) {
        if ((await transaction.redriveRuleRow.count({ where: there })) === 0) throw noSuchRule(name);
        throw new AppError("conflict", `The rule "${name}" ${already}.`);
      }
      await audit(transaction, [{ project, act, subject: row.id, actor, reason, detail: { name }, now }]);
      return toRule(row, await useOf(transaction, row, now));
    }),
  );
}

/** Ends a rule, on record; the redrives that it made go on. Throws `not_found`. */
export async function deleteRedriveRule(prisma: PrismaClient, { project, name, actor, reason, now }: RuleAct): Promise<void> {
  await askStateStore(() =>
    prisma.$transaction(async (transaction) => {
      const [row] = await transaction.redriveRuleRow.updateManyAndReturn({
        where: { project, name, deletedAt: null },
        data: { deletedAt: now },
      });
      if (row === undefined) throw noSuchRule(name);
      await audit(transaction, [{ project, act: "rule_deleted", subject: row.id, actor, reason, detail: { name }, now }]);
    }),
  );
}
