import { AppError, type PlannerLimits, type Spent, type Turn } from "@signalbox/model";

/** How many unusable answers in a row a model may give before the task is given up. */
const REJECTIONS_MAX = 3;

/** The limits that a task asks for, if any. */
type AskedLimits = { readonly [Name in keyof PlannerLimits]?: number | undefined };

/** A task's limits: what it asks for, but never more than the runtime allows. */
export function limitsFor(allowed: PlannerLimits, asked: AskedLimits = {}): PlannerLimits {
  return {
    steps: Math.min(allowed.steps, asked.steps ?? allowed.steps),
    tokens: Math.min(allowed.tokens, asked.tokens ?? allowed.tokens),
    costUsd: Math.min(allowed.costUsd, asked.costUsd ?? allowed.costUsd),
  };
}

/**
 * Throws `limit_reached` when a task has used up its limits. A call is made as long as something is left, so the last one may exceed them.
 */
export function requireWithinLimits(spent: Spent, limits: PlannerLimits): void {
  const reached = [
    ...(spent.steps >= limits.steps ? [`${spent.steps} of ${limits.steps} answers`] : []),
    ...(spent.tokens >= limits.tokens ? [`${spent.tokens} of ${limits.tokens} tokens`] : []),
    ...(spent.costUsd >= limits.costUsd ? [`${spent.costUsd.toFixed(4)} of ${limits.costUsd} US dollars`] : []),
  ];
  if (reached.length === 0) return;
  throw new AppError("limit_reached", `The model did not come to an end within the task's limits: it used ${reached.join(", ")}.`, {
    hint: "Is the task too large for one conversation, or does the model go round in circles? The decisions say.",
  });
}

/** Throws `bad_answer` when too many of the model's latest answers in a row were unusable. */
export function requireSense(turns: readonly Turn[]): void {
  const latest = turns.slice(-REJECTIONS_MAX);
  const rejected = latest.flatMap((turn) => (turn.kind === "rejected" ? [turn.problem] : []));
  if (rejected.length < REJECTIONS_MAX) return;
  throw new AppError(
    "bad_answer",
    `The model's answers could not be used ${REJECTIONS_MAX} times in a row. The last time: ${rejected.at(-1)}`,
  );
}
