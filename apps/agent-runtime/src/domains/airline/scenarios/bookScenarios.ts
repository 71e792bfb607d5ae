import type { Script } from "../../scenario.ts";
import { BAG_PRICE, CABINS, freeBags, INSURANCE_PRICE } from "../plans/policy.ts";
import { AIRPORTS } from "../tools/listAllAirports.ts";
import { type Scenario, type Stage, sayDate, sayPlace } from "./scenario.ts";
import { cheapestFlight, pickFlightDay } from "./seats.ts";

function book(stage: Stage): Script {
  const { data, random } = stage;
  const [user_id, user] = random.pick(Object.entries(data.users));
  const { flight, date } = pickFlightDay(stage);
  const { origin, destination } = flight;
  const cabin = random.pick(CABINS);
  const insurance = random.chance(0.3) ? "yes" : "no";
  const bags = random.integer(0, 2);
  const method = random.pick(Object.values(user.payment_methods));

  const extras = [
    insurance === "yes" ? "with insurance" : "without insurance",
    bags === 0 ? null : `with ${bags} bag${bags === 1 ? "" : "s"}`,
  ];
  const wish = `${cabin.replace("_", " ")} from ${sayPlace(stage, origin, AIRPORTS)} to ${sayPlace(stage, destination, AIRPORTS)} on ${sayDate(stage, date)}`;
  const message = `I am ${user_id}. Book me the cheapest seat in ${wish}, ${extras.filter(Boolean).join(" and ")}. Pay with my ${method.source.replace("_", " ")}.`;

  const found = cheapestFlight(data, { origin, destination, date, cabin, passengers: 1 });
  if (found === undefined) return { message, user: user_id, expectation: { actions: [], outputs: ["no seat"] } };

  const passengers = [{ ...user.name, dob: user.dob }];
  const nonfree_baggages = Math.max(0, bags - freeBags(user, { cabin, passengers }));
  const total = found.prices[cabin] + (insurance === "yes" ? INSURANCE_PRICE : 0) + BAG_PRICE * nonfree_baggages;
  if (method.source !== "credit_card" && method.amount < total)
    return { message, user: user_id, expectation: { actions: [], outputs: ["does not cover"] } };

  const parameters = {
    user_id,
    origin,
    destination,
    flight_type: "one_way",
    cabin,
    flights: [{ flight_number: found.flight.flight_number, date }],
    passengers,
    payment_methods: [{ payment_id: method.id, amount: total }],
    total_baggages: bags,
    nonfree_baggages,
    insurance,
  };
  const actions = [{ name: "book_reservation", arguments: parameters }];
  return { message, user: user_id, expectation: { actions, outputs: [found.flight.flight_number, `$${total}`] } };
}

/** Tasks that buy something. */
export const BOOK_SCENARIOS: readonly Scenario[] = [{ name: "Book a flight", weight: 6, write: book }];
