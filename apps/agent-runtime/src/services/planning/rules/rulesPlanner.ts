import { AppError, type Move, type PlanningRequest, type Turn } from "@signalbox/model";
import type { Plan, Slots } from "./plan.ts";
import { bookFlight } from "./plans/bookFlight.ts";
import { cancelReservation } from "./plans/cancelReservation.ts";
import { changeBaggage } from "./plans/changeBaggage.ts";
import { changeFlight } from "./plans/changeFlight.ts";
import { checkReservation } from "./plans/checkReservation.ts";
import { searchFlights } from "./plans/searchFlights.ts";
import { speakToHuman } from "./plans/speakToHuman.ts";

/** The plan for each intent. */
const PLANS: Readonly<Record<string, (slots: Slots) => Plan>> = {
  book_flight: bookFlight,
  cancel_reservation: cancelReservation,
  change_baggage: changeBaggage,
  change_flight: changeFlight,
  check_reservation: checkReservation,
  search_flights: searchFlights,
  speak_to_human: speakToHuman,
};

/** What rules do: they say nothing that cannot be used, and never speak for the customer. */
type RulesMove = Extract<Move, { kind: "tool" | "reply" | "stop" }>;

function playPlan(plan: Plan, turns: readonly Turn[]): RulesMove {
  const outputs = turns.flatMap((turn) => (turn.kind === "tool" ? [turn.output] : []));
  let next = plan.next();
  for (const output of outputs) if (!next.done) next = plan.next(output);
  if (next.done) return { kind: "reply", ...next.value };
  return { kind: "tool", callId: `call_${outputs.length + 1}`, said: null, ...next.value };
}

/**
 * Plans by rules: each intent has a plan, which is played again with what the tools answered so far. A message that no plan fits, or that was
 * not understood, is rejected.
 */
export function planByRules({ message, understanding, turns }: Pick<PlanningRequest, "message" | "understanding" | "turns">): RulesMove {
  if (turns.at(-1)?.kind === "reply") return { kind: "stop", ended: true, reason: "The customer has the answer." };

  const plan = understanding.abstained ? undefined : PLANS[understanding.intent];
  if (plan === undefined) throw new AppError("invalid_input", `No plan fits the message "${message.slice(0, 80)}".`);
  return playPlan(plan(understanding.slots), turns);
}
