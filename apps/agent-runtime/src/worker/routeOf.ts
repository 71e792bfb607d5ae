import type { PlannerChoice, Route, Step, Understanding } from "@signalbox/model";

/** Who takes a task that asks for rules but is not clear enough for them: nobody (it becomes a dead letter), a model, or a person. */
export type UnclearPolicy = "refuse" | Route["planner"];

/** Why rules cannot serve a message: it was not understood, or it asks for several things. Null if they can. */
function objectionTo({ abstained, intent, confidence, alsoWants = [] }: Understanding): string | null {
  if (abstained) return `It is not clear what the message wants (at best ${intent}, ${confidence}).`;
  return alsoWants.length > 0 ? `The message asks for several things: ${[intent, ...alsoWants].join(", ")}.` : null;
}

/**
 * The route of a task away from the rules that it asks for; null if it stays. It is decided before the first move and recorded, so that a
 * resumed task keeps its route whatever the policy says by then. Pure.
 */
export function routeOf(policy: UnclearPolicy, asked: PlannerChoice, understanding: Understanding, steps: readonly Step[]): Route | null {
  if (policy === "refuse" || asked.kind !== "rules") return null;
  if (steps.some(({ stage: { kind } }) => kind === "route" || kind === "move")) return null;
  const objection = objectionTo(understanding);
  return objection === null
    ? null
    : { planner: policy, reason: `${objection} By policy ${policy === "llm" ? "a model" : "a person"} takes it.` };
}
