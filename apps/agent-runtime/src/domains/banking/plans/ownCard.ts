import { call, type Farewell, farewell, type PlannedCall, type Slots } from "../../plan.ts";
import type { Card } from "../documents.ts";
import { readCards } from "./outputs.ts";
import { findOwnAccount } from "./ownAccount.ts";

type Found = { kind: "found"; card: Card; customerId: string } | { kind: "refused"; farewell: Farewell };

/** Finds the card that the customer means: the one with the last four digits that they name, else the only one that `fits`. */
export function* findOwnCard(slots: Slots, fits: (card: Card) => boolean): Generator<PlannedCall, Found, string> {
  const found = yield* findOwnAccount(slots);
  if (found.kind === "refused") return found;

  const cards = readCards(yield call("list_cards", { account_id: found.accountId }, "The card decides what is possible."));
  const meant = slots.last_four === undefined ? cards.filter(fits) : cards.filter(({ last_four }) => last_four === slots.last_four);
  const [card, another] = meant;
  if (card === undefined) return { kind: "refused", farewell: farewell("I find no such card of yours.", "No card fits.") };
  if (another !== undefined)
    return {
      kind: "refused",
      farewell: farewell(
        `Which one do you mean: ${meant.map(({ last_four }) => `the card ending ${last_four}`).join(" or ")}?`,
        "Several cards fit.",
      ),
    };
  return { kind: "found", card, customerId: found.customerId };
}
