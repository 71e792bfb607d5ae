import type { PlannerChoice, Route, Step, Understanding } from "@signalbox/model";

/**
 * Who takes a task that rules are asked for and that is not clear enough for them: nobody (it becomes a dead letter), a model, or a person.
 */
export type UnclearPolicy = "refuse" | Route["planner"];

/** Why rules cannot do a message justice: it was not understood, or it asks for several things. Null when they can. */
function objectionTo({ abstained, intent, confidence, alsoWants = [] }: Understanding): string | null {
  if (abstained) return `It is not clear what the message wants (at best ${intent}, ${confidence}).`;
  return alsoWants.length > 0 ? `The message asks for several things: ${[intent, ...alsoWants].join(", ")}.` : null;
}

/**
 * Where a task goes instead of to the rules that it asks for; null when it stays. It is judged before the first
 * move and on record afterwards, so that a resumed task keeps its way whatever the policy says by then. Pure.
 */
export function routeOf(policy: UnclearPolicy, asked: PlannerChoice, understanding: Understanding, steps: readonly Step[]): Route | null {
  if (policy === "refuse" || asked.kind !== "rules") return null;
  if (steps.some(({ stage: { kind } }) => kind === "route" || kind === "move")) return null;
  const objection = objectionTo(understanding);
  return objection === null
    ? null
    : { planner: policy, reason: `${objection} By policy ${policy === "llm" ? "a model" : "a person"} takes it.` };
}
