import type { Prisma, PrismaClient } from "../generated/client.ts";
import { isSelected } from "./candidates.ts";
import { insertRedrive, type NewRedrive } from "./redriveStore.ts";
import { lettersInWindow } from "./ruleStore.ts";

/** The rate of a rule's redrive; its budget is the real bound. */
const RATE_PER_SECOND = 20;

const ANY = { kind: "any" } as const;

/** The active rules, oldest first. */
export async function listRulesInForce(prisma: PrismaClient): Promise<string[]> {
  const where = { deletedAt: null, pausedAt: null };
  const rows = await prisma.redriveRuleRow.findMany({ where, orderBy: [{ createdAt: "asc" }, { id: "asc" }], select: { id: true } });
  return rows.map(({ id }) => id);
}

/** Creates a redrive of the letters that match a rule, within its budget, recorded as an act of the rule. Returns the number of letters. */
export function applyRedriveRule(prisma: PrismaClient, ruleId: string, now: Date): Promise<number> {
  return prisma.$transaction((transaction) => applyRule(transaction, ruleId, now));
}

async function applyRule(transaction: Prisma.TransactionClient, ruleId: string, now: Date): Promise<number> {
  // Of two controllers that apply a rule at once, the second finds the rest of the budget.
  await transaction.$queryRaw`SELECT 1 FROM redrive_rule WHERE id = ${ruleId}::uuid FOR UPDATE`;
  const rule = await transaction.redriveRuleRow.findUnique({ where: { id: ruleId, deletedAt: null, pausedAt: null } });
  if (rule === null) return 0;
  const left = rule.lettersMax - (await lettersInWindow(transaction, rule, now));
  if (left <= 0) return 0;
  const { project, name, fingerprint, errorClass, runsMax, reason } = rule;
  const filter = {
    state: "open" as const,
    ...(fingerprint === null ? {} : { fingerprint }),
    ...(errorClass === null ? {} : { errorClass }),
  };
  // Letters that somebody else holds are left alone, and so are those held by a paused queue or a client's file.
  const free = await transaction.$queryRaw<{ id: string; taskId: string | null }[]>`
    SELECT id, task_id AS "taskId" FROM dead_letter
    WHERE ${isSelected(project, { kind: "filter", filter })} AND run <= ${runsMax} AND (task_id IS NOT NULL OR minute IS NOT NULL)
      AND (task_id IS NULL OR NOT EXISTS (SELECT FROM queue_pause WHERE queue_pause.project IN ('', dead_letter.project)))
      AND NOT EXISTS (SELECT 1 FROM redrive_item WHERE letter_id = dead_letter.id AND state IN ('pending', 'running', 'passed', 'failed'))
    ORDER BY last_failed_at, id LIMIT ${left} FOR UPDATE SKIP LOCKED`;
  if (free.length === 0) return 0;
  const redrive: NewRedrive = {
    ...{
      project,
      name: `rule ${name}`,
      actor: `rule ${name}`,
      reason,
      version: ANY,
      payload: null,
      ratePerSecond: RATE_PER_SECOND,
      tryFirst: null,
    },
    selection: { kind: "filter", filter },
  };
  await insertRedrive(transaction, redrive, free, { now, ruleId: rule.id });
  return free.length;
}
