import { call, farewell, type Plan, type Slots } from "../../plan.ts";
import { readReservation, readUser } from "./documents.ts";
import { findCheapestFlight } from "./findFlight.ts";
import { covers, findPayment } from "./payment.ts";
import { BAG_PRICE, CABINS, freeBags, INSURANCE_PRICE } from "./policy.ts";

/** Books the cheapest direct flight of a day for the customer as the only passenger. */
export function* bookFlight(slots: Slots): Plan {
  const { user_id, origin, destination, date, insurance = "no", bags = "0" } = slots;
  const cabin = CABINS.find((name) => name === (slots.cabin ?? "economy"));
  if (user_id === undefined || origin === undefined || destination === undefined || date === undefined || cabin === undefined)
    return farewell("Please tell me your user id, from where to where, and on which day.", "The message does not name all of it.");

  const user = readUser(yield call("get_user_details", { user_id }, "A booking needs a passenger and a way to pay."));
  if (user === null) return farewell(`I cannot find a user ${user_id}.`, "There is no such user.");
  const flight = yield* findCheapestFlight({ origin, destination, date }, cabin, 1);
  if (flight === null) return farewell(`There is no seat from ${origin} to ${destination} on ${date}.`, "The day is sold out.");

  const passengers = [{ ...user.name, dob: user.dob }];
  const nonfree_baggages = Math.max(0, Number(bags) - freeBags(user, { cabin, passengers }));
  const total = flight.prices[cabin] + (insurance === "yes" ? INSURANCE_PRICE : 0) + BAG_PRICE * nonfree_baggages;
  const method = findPayment(user, slots.payment);
  if (method === undefined) return farewell("You have no such way to pay on file.", "The booking cannot be charged.");
  if (!covers(method, total)) return farewell(`The balance does not cover the $${total}.`, "The way to pay is short.");

  const booking = {
    user_id,
    origin,
    destination,
    flight_type: "one_way",
    cabin,
    flights: [{ flight_number: flight.flight_number, date }],
    passengers,
    payment_methods: [{ payment_id: method.id, amount: total }],
    total_baggages: Number(bags),
    nonfree_baggages,
    insurance,
  };
  const booked = readReservation(yield call("book_reservation", booking, "It is the cheapest flight of the day with a seat."));
  if (booked === null) return farewell("The booking was refused; nothing was charged.", "The airline refused it.");
  return farewell(
    `You are on ${flight.flight_number} on ${date}, reservation ${booked.reservation_id}, for $${total}.`,
    "The flight is booked.",
  );
}
