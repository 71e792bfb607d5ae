import { call, farewell, type Plan, type Slots } from "../../plan.ts";
import { findOwnCard } from "./ownCard.ts";

/** Unblocks the PIN of a card; a frozen card stays frozen. */
export function* unblockPin(slots: Slots): Plan {
  const found = yield* findOwnCard(slots, ({ pin_blocked, status }) => pin_blocked && status === "active");
  if (found.kind === "refused") return found.farewell;
  const { card_id, last_four, status, pin_blocked } = found.card;
  if (status === "frozen")
    return farewell(`The card ending ${last_four} is frozen, and its PIN stays blocked.`, "A frozen card is of no use.");
  if (!pin_blocked) return farewell(`The PIN of the card ending ${last_four} is not blocked.`, "There is nothing to do.");
  yield call("unblock_pin", { card_id }, "It is the customer's own card.");
  return farewell(`You can use the PIN of the card ending ${last_four} again.`, "The PIN is unblocked.");
}
