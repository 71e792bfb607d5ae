import { enterTraces, type ScoreLedger } from "@signalbox/db/clickhouse";
import { advanceRuleLook, listRuleWork, type PrismaClient, type RuleWork } from "@signalbox/db/prisma";

/**
 * Dependencies of a look. Everything received before `readableUntilMs` (milliseconds since 1970, by the collector's clock) is in the store;
 * null if that is unknown.
 */
export type LookParts = {
  prisma: PrismaClient;
  ledger: Pick<ScoreLedger, "over" | "matching" | "known" | "write">;
  readableUntilMs: () => Promise<number | null>;
  clock: () => number;
};

/** The longest stretch that one look covers, in milliseconds, however far behind it is. */
const LOOK_MS_MAX = 60_000;

/**
 * Looks at the next stretch of a project's traces for a rule; returns whether there is more. A kill between writing the ledger and the
 * progress repeats the look, which enters nothing twice.
 */
async function look({ prisma, ledger, clock }: LookParts, rule: RuleWork, readableUntilMs: number): Promise<boolean> {
  const end = readableUntilMs - rule.terms.waitSeconds * 1_000;
  const untilMs = Math.min(end, rule.lookedUntilMs + LOOK_MS_MAX);
  if (untilMs <= rule.lookedUntilMs) return false;
  const traceIds = await ledger.over(rule.project, rule.lookedUntilMs, untilMs);
  const { unmatched } = await enterTraces(ledger, rule, rule.terms, traceIds, clock());
  await advanceRuleLook(prisma, rule, { untilMs, unmatched });
  return untilMs < end;
}

/** One round over all rules in force: afterwards the finished traces that match are in the ledger. */
export async function lookRound(parts: LookParts): Promise<"more" | "idle"> {
  const rules = (await listRuleWork(parts.prisma)).filter(({ isEnabled, isEnded }) => isEnabled && !isEnded);
  const readableUntilMs = rules.length === 0 ? null : await parts.readableUntilMs();
  if (readableUntilMs === null) return "idle";
  let hasMore = false;
  for (const rule of rules) hasMore = (await look(parts, rule, readableUntilMs)) || hasMore;
  return hasMore ? "more" : "idle";
}
