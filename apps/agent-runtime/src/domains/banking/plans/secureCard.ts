import { call, farewell, handOver, type Plan, type Slots } from "../../plan.ts";
import { readCard } from "./outputs.ts";
import { findOwnCard } from "./ownCard.ts";

/** How a card left its owner's control. */
type Mishap = "lost" | "stolen" | "compromised" | "swallowed";

/** Freezes a card and orders a new one in its place. */
function* secure(slots: Slots, mishap: Mishap): Plan {
  const found = yield* findOwnCard(slots, ({ status, kind }) => status === "active" && kind === "physical");
  if (found.kind === "refused") return found.farewell;

  const { card } = found;
  if (card.status === "frozen") return farewell(`The card ending ${card.last_four} is frozen already.`, "There is nothing to do.");
  yield call("freeze_card", { card_id: card.card_id, reason: mishap }, "Nobody may pay with it any more.");
  const ordered = readCard(yield call("order_card", { account_id: card.account_id, kind: card.kind }, "The customer needs a new one."));
  if (ordered === null)
    return yield* handOver(
      `${found.customerId}'s card ending ${card.last_four} is frozen; a new one was refused.`,
      "The order was refused.",
    );
  const when = ordered.arrives_on === null ? "works at once" : `arrives on ${ordered.arrives_on}`;
  return farewell(
    `The card ending ${card.last_four} is frozen. A new one, ending ${ordered.last_four}, ${when}.`,
    "The card is safe and replaced.",
  );
}

/** Secures a lost card, or a stolen one if the message says so. */
export const secureLostCard = (slots: Slots): Plan => secure(slots, slots.mishap === "stolen" ? "stolen" : "lost");

/** Secures a card that somebody else may use. */
export const secureCompromisedCard = (slots: Slots): Plan => secure(slots, "compromised");

/** Secures a card that a machine has kept. */
export const secureSwallowedCard = (slots: Slots): Plan => secure(slots, "swallowed");
