import { farewell, handOver, type Plan, type Slots } from "../../plan.ts";
import { TODAY } from "../documents.ts";
import { findOwnCard } from "./ownCard.ts";

/** Tells when a card arrives; a late card goes to a person. */
export function* trackCard(slots: Slots): Plan {
  const found = yield* findOwnCard(slots, ({ status }) => status === "ordered");
  if (found.kind === "refused") return found.farewell;
  const { last_four, arrives_on } = found.card;
  if (arrives_on === null) return farewell(`The card ending ${last_four} is not on its way.`, "It has arrived.");
  if (arrives_on < TODAY)
    return yield* handOver(`The card ending ${last_four} of ${found.customerId} should be there since ${arrives_on}.`, "The card is late.");
  return farewell(`The card ending ${last_four} arrives on ${arrives_on}.`, "The customer asked when.");
}
