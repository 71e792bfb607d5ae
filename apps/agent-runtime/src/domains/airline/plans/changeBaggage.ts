import { call, farewell, handOver, type Plan, type Slots } from "../../plan.ts";
import { readUser } from "./documents.ts";
import { findOwnReservation } from "./ownReservation.ts";
import { covers, findPayment } from "./payment.ts";
import { BAG_PRICE, freeBags, hasDeparted } from "./policy.ts";

/** Adds bags to a reservation; those beyond the free allowance are charged. */
export function* changeBaggage(slots: Slots): Plan {
  const found = yield* findOwnReservation(slots);
  if (found.kind === "refused") return found.farewell;
  if (slots.bags === undefined) return farewell("How many bags shall I add?", "The message does not say.");

  const { reservation } = found;
  const { reservation_id, user_id } = reservation;
  if (hasDeparted(reservation))
    return yield* handOver(
      `Add bags to reservation ${reservation_id}, of which a flight has departed.`,
      "After departure only a person may decide.",
    );

  const user = readUser(yield call("get_user_details", { user_id }, "Membership decides how many bags are free."));
  const method = user === null ? undefined : findPayment(user, slots.payment);
  if (user === null || method === undefined) return farewell("You have no such way to pay on file.", "Bags cannot be charged.");
  if (method.source === "certificate") return farewell("Certificates cannot pay for bags.", "The airline's rules do not allow it.");

  const total_baggages = reservation.total_baggages + Number(slots.bags);
  const nonfree_baggages = Math.max(reservation.nonfree_baggages, total_baggages - freeBags(user, reservation));
  const cost = BAG_PRICE * (nonfree_baggages - reservation.nonfree_baggages);
  if (!covers(method, cost)) return farewell(`The balance does not cover the $${cost} for the bags.`, "The way to pay is short.");

  const parameters = { reservation_id, total_baggages, nonfree_baggages, payment_id: method.id };
  yield call("update_reservation_baggages", parameters, "The customer asked for more bags.");
  return farewell(`Reservation ${reservation_id} now has ${total_baggages} bags. The charge is $${cost}.`, "The bags are added.");
}
