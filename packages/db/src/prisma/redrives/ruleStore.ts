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

function toRule({ deletedAt: _, ...row }: RuleRecord, letters: number): RedriveRule {
  return RedriveRule.parse({ ...row, createdAt: row.createdAt.toISOString(), lettersInWindow: letters });
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
        return toRule(row, 0);
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

/** The active rules of a project, by name. */
export async function listRedriveRules(prisma: PrismaClient, project: string, now: Date): Promise<RedriveRule[]> {
  return askStateStore(async () => {
    const rows = await prisma.redriveRuleRow.findMany({ where: { project, deletedAt: null }, orderBy: { name: "asc" } });
    return Promise.all(rows.map(async (row) => toRule(row, await lettersInWindow(prisma, row, now))));
  });
}

/** Deactivates a rule, and records that; its redrives go on. Throws `not_found`. */
export async function deleteRedriveRule(
  prisma: PrismaClient,
  { project, name, actor, reason, now }: { project: string; name: string; actor: string; reason: string; now: Date },
): Promise<void> {
  await askStateStore(() =>
    prisma.$transaction(async (transaction) => {
      const [row] = await transaction.redriveRuleRow.updateManyAndReturn({
        where: { project, name, deletedAt: null },
        data: { deletedAt: now },
      });
      if (row === undefined)
        throw new AppError("not_found", `There is no rule named "${name}".`, {
          hint: "`./signalbox dlq rules list` shows those that there are.",
        });
      await audit(transaction, [{ project, act: "rule_deleted", subject: row.id, actor, reason, detail: { name }, now }]);
    }),
  );
}
