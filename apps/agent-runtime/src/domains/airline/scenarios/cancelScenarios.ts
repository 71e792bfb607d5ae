import type { Script } from "../../scenario.ts";
import { hasDeparted, isCancellable } from "../plans/policy.ts";
import { type Owned, pickOwned, type Scenario, type Stage } from "./scenario.ts";

function askToCancel(stage: Stage, { reservation }: Owned): Pick<Script, "message" | "user"> {
  const { reservation_id, user_id } = reservation;
  const message = stage.random.pick([
    `Please cancel my reservation ${reservation_id}. User ${user_id}.`,
    `I can no longer travel. My user id is ${user_id}, I would like a refund for booking ${reservation_id}.`,
    `Call off trip ${reservation_id} for ${user_id}, please.`,
  ]);
  return { message, user: user_id };
}

function cancel(stage: Stage): Script {
  const owned = pickOwned(stage, ({ reservation }) => !hasDeparted(reservation) && isCancellable(reservation));
  const { reservation_id, payment_history } = owned.reservation;
  const refund = payment_history.reduce((sum, { amount }) => sum + amount, 0);
  const actions = [{ name: "cancel_reservation", arguments: { reservation_id } }];
  return { ...askToCancel(stage, owned), expectation: { actions, outputs: [`$${refund}`] } };
}

function cancelAgainstTheRules(stage: Stage): Script {
  const owned = pickOwned(stage, ({ reservation }) => !hasDeparted(reservation) && !isCancellable(reservation));
  return { ...askToCancel(stage, owned), expectation: { actions: [], outputs: ["cannot be cancelled"] } };
}

function cancelAfterDeparture(stage: Stage): Script {
  const owned = pickOwned(stage, ({ reservation }) => hasDeparted(reservation));
  return { ...askToCancel(stage, owned), expectation: { actions: [], outputs: [] } };
}

/** Tasks about cancelling. */
export const CANCEL_SCENARIOS: readonly Scenario[] = [
  { name: "Cancel a reservation", weight: 4, write: cancel },
  { name: "Cancel against the rules", weight: 2, write: cancelAgainstTheRules },
  { name: "Cancel after departure", weight: 1, write: cancelAfterDeparture },
];
