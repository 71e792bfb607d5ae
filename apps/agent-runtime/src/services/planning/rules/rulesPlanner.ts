import { AppError, type Move, type PlanningRequest, type Turn } from "@signalbox/model";
import { requireDomain } from "../../../domains/domains.ts";
import type { Plan } from "../../../domains/plan.ts";

/** The moves that rules make: none is rejected, and none speaks for the customer. */
type RulesMove = Extract<Move, { kind: "tool" | "reply" | "stop" }>;

function playPlan(plan: Plan, turns: readonly Turn[]): RulesMove {
  const outputs = turns.flatMap((turn) => (turn.kind === "tool" ? [turn.output] : []));
  let next = plan.next();
  for (const output of outputs) if (!next.done) next = plan.next(output);
  if (next.done) return { kind: "reply", ...next.value };
  return { kind: "tool", callId: `call_${outputs.length + 1}`, said: null, ...next.value };
}

/** The parts of a planning request that rules use. */
type RulesRequest = Pick<PlanningRequest, "domain" | "message" | "understanding" | "turns"> & Partial<Pick<PlanningRequest, "memories">>;

/**
 * Plans by rules: each intent of the domain has a plan, which is replayed with the tool outputs so far. A message that fits no plan, or was
 * not understood, is rejected.
 */
export function planByRules({ domain, message, understanding, turns, memories }: RulesRequest): RulesMove {
  if (turns.at(-1)?.kind === "reply") return { kind: "stop", ended: true, reason: "The customer has the answer." };

  const plan = understanding.abstained ? undefined : requireDomain(domain).plans[understanding.intent];
  if (plan === undefined) throw new AppError("invalid_input", `No plan fits the message "${message.slice(0, 80)}".`);
  return playPlan(plan(understanding.slots, memories?.passages ?? []), turns);
}
