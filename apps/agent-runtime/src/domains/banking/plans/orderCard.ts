import { call, farewell, type Plan, type Slots } from "../../plan.ts";
import { CARD_LIMITS } from "../policy.ts";
import { readCard, readCards } from "./outputs.ts";
import { findOwnAccount } from "./ownAccount.ts";

function* order(slots: Slots, kind: "physical" | "virtual"): Plan {
  const found = yield* findOwnAccount(slots);
  if (found.kind === "refused") return found.farewell;
  const { accountId: account_id } = found;

  const cards = readCards(yield call("list_cards", { account_id }, "There may be only so many cards."));
  if (cards.filter((card) => card.kind === kind && card.status !== "frozen").length >= CARD_LIMITS[kind])
    return farewell(`An account has at most ${CARD_LIMITS[kind]} ${kind} cards, and you have them.`, "The bank's rules do not allow more.");

  const card = readCard(yield call("order_card", { account_id, kind }, "The customer asked for it."));
  if (card === null) return farewell("The order was refused; nothing has changed.", "The bank refused it.");
  const when = card.arrives_on === null ? "works at once" : `arrives on ${card.arrives_on}`;
  return farewell(`Your new ${kind} card, ending ${card.last_four}, ${when}.`, "The card is ordered.");
}

/** Orders a physical card. */
export const orderPhysicalCard = (slots: Slots): Plan => order(slots, "physical");

/** Orders a virtual card. */
export const orderVirtualCard = (slots: Slots): Plan => order(slots, "virtual");
