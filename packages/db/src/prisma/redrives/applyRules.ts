import type { Prisma, PrismaClient } from "../generated/client.ts";
import { isSelected } from "./candidates.ts";
import { insertRedrive, type NewRedrive } from "./redriveStore.ts";
import { lettersInWindow } from "./ruleStore.ts";

/** A rule's redrive goes on at this rate; its budget is what bounds it. */
const RATE_PER_SECOND = 20;

const ANY = { kind: "any" } as const;

type RuleRecord = Prisma.RedriveRuleRowGetPayload<object>;

async function applyRule(transaction: Prisma.TransactionClient, rule: RuleRecord, now: Date): Promise<number> {
  // Of two controllers that apply a rule at once the second finds the budget that the first has left.
  const [held] = await transaction.$queryRaw<{ id: string }[]>`
    SELECT id FROM redrive_rule WHERE id = ${rule.id}::uuid AND deleted_at IS NULL FOR UPDATE`;
  const left = held === undefined ? 0 : rule.lettersMax - (await lettersInWindow(transaction, rule, now));
  if (left <= 0) return 0;
  const { project, name, fingerprint, errorClass, runsMax, reason } = rule;
  const filter = {
    state: "open" as const,
    ...(fingerprint === null ? {} : { fingerprint }),
    ...(errorClass === null ? {} : { errorClass }),
  };
  // What somebody else has in hand is left to them.
  const free = await transaction.$queryRaw<{ id: string; taskId: string }[]>`
    SELECT id, task_id AS "taskId" FROM dead_letter
    WHERE ${isSelected(project, { kind: "filter", filter })} AND run <= ${runsMax}
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

/** Makes redrives of what rules are about, as far as their budgets go, on record as acts of theirs. Answers how many letters were taken up. */
export async function applyRedriveRules(prisma: PrismaClient, now: Date): Promise<number> {
  const rules = await prisma.redriveRuleRow.findMany({ where: { deletedAt: null }, orderBy: { createdAt: "asc" } });
  let letters = 0;
  for (const rule of rules) letters += await prisma.$transaction((transaction) => applyRule(transaction, rule, now));
  return letters;
}
