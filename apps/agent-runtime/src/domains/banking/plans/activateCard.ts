import { call, farewell, type Plan, type Slots } from "../../plan.ts";
import { findOwnCard } from "./ownCard.ts";

/** Activates a card that has arrived. */
export function* activateCard(slots: Slots): Plan {
  const found = yield* findOwnCard(slots, ({ status }) => status === "ordered");
  if (found.kind === "refused") return found.farewell;
  const { card_id, last_four, status } = found.card;
  if (status !== "ordered") return farewell(`The card ending ${last_four} is ${status} already.`, "There is nothing to do.");
  yield call("activate_card", { card_id }, "The customer has it in hand.");
  return farewell(`The card ending ${last_four} is active now.`, "The card is activated.");
}
