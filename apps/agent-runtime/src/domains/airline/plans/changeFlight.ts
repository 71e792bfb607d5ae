import { call, farewell, handOver, type Plan, type Slots } from "../../plan.ts";
import { readUser } from "./documents.ts";
import { findCheapestFlight } from "./findFlight.ts";
import { findOwnReservation } from "./ownReservation.ts";
import { findPayment } from "./payment.ts";
import { CABINS, hasDeparted, isChangeable } from "./policy.ts";

/** Moves a one-way reservation to the cheapest flight of another day, in the same cabin. */
export function* changeFlight(slots: Slots): Plan {
  const found = yield* findOwnReservation(slots);
  if (found.kind === "refused") return found.farewell;
  const { date } = slots;
  if (date === undefined) return farewell("Which day shall I move it to?", "The message does not say.");

  const { reservation } = found;
  const { reservation_id, user_id, origin, destination, passengers } = reservation;
  const [flight, ...moreFlights] = reservation.flights;
  const cabin = CABINS.find((name) => name === reservation.cabin);
  if (hasDeparted(reservation) || flight === undefined || moreFlights.length > 0 || cabin === undefined)
    return yield* handOver(`Move reservation ${reservation_id} to ${date}.`, "Several flights, or one that has departed, need a person.");
  if (!isChangeable(reservation))
    return farewell(
      `I am sorry, reservation ${reservation_id} is basic economy and cannot be changed.`,
      "The airline's rules do not allow it.",
    );

  const better = yield* findCheapestFlight({ origin, destination, date }, cabin, passengers.length);
  if (better === null) return farewell(`There is no seat from ${origin} to ${destination} on ${date}.`, "The day is sold out.");

  const user = readUser(yield call("get_user_details", { user_id }, "The difference in price needs a way to pay."));
  const method = user === null ? undefined : findPayment(user);
  if (method === undefined) return farewell("You have no credit card on file.", "The difference cannot be charged.");

  const flights = [{ flight_number: better.flight_number, date }];
  yield call("update_reservation_flights", { reservation_id, cabin, flights, payment_id: method.id }, "The day has a seat.");
  const difference = passengers.length * (better.prices[cabin] - flight.price);
  const money = difference < 0 ? `You get back $${-difference}.` : `The difference is $${difference}.`;
  return farewell(`Reservation ${reservation_id} is now on ${better.flight_number} on ${date}. ${money}`, "The flight is changed.");
}
