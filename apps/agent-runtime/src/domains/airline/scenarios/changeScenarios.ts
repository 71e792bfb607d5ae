import type { Script } from "../../scenario.ts";
import { BAG_PRICE, CABINS, freeBags, hasDeparted, isChangeable } from "../plans/policy.ts";
import { type Owned, paymentOf, pickOwned, type Scenario, type Stage, sayDate } from "./scenario.ts";
import { cheapestFlight } from "./seats.ts";

const BAG_WORDS = ["no", "one", "two", "three"];

function addBags(stage: Stage): Script {
  const owned = pickOwned(stage, ({ reservation }) => !hasDeparted(reservation));
  const { reservation_id, user_id, total_baggages } = owned.reservation;
  const added = stage.random.integer(1, 3);
  const total = total_baggages + added;
  const nonfree = Math.max(0, total - freeBags(owned.user, owned.reservation));
  const message = stage.random.pick([
    `Please add ${BAG_WORDS[added]} bag${added === 1 ? "" : "s"} to reservation ${reservation_id}. I am ${user_id}.`,
    `${user_id} here. I want to bring ${BAG_WORDS[added]} more suitcase${added === 1 ? "" : "s"} on trip ${reservation_id}, charge my credit card.`,
  ]);
  const parameters = { reservation_id, total_baggages: total, nonfree_baggages: nonfree, payment_id: paymentOf(owned.user, "credit_card") };
  const actions = [{ name: "update_reservation_baggages", arguments: parameters }];
  return { message, user: user_id, expectation: { actions, outputs: [`$${BAG_PRICE * nonfree}`] } };
}

function askToMove(stage: Stage, { reservation }: Owned, date: string): Pick<Script, "message" | "user"> {
  const { reservation_id, user_id } = reservation;
  const day = sayDate(stage, date);
  const message = stage.random.pick([
    `Can you move my reservation ${reservation_id} to ${day}? My id is ${user_id}.`,
    `I am ${user_id}. I have to reschedule booking ${reservation_id} for ${day}.`,
  ]);
  return { message, user: user_id };
}

function isOneWay({ reservation }: Owned): boolean {
  return reservation.flights.length === 1 && !hasDeparted(reservation);
}

function changeDay(stage: Stage): Script {
  const owned = pickOwned(stage, (each) => isOneWay(each) && isChangeable(each.reservation));
  const { reservation_id, origin, destination, passengers, flights } = owned.reservation;
  const date = `2024-05-${stage.random.integer(16, 30)}`;
  const cabin = CABINS.find((name) => name === owned.reservation.cabin) ?? "economy";
  const found = cheapestFlight(stage.data, { origin, destination, date, cabin, passengers: passengers.length });
  const asked = askToMove(stage, owned, date);
  if (found === undefined) return { ...asked, expectation: { actions: [], outputs: ["no seat"] } };

  const parameters = {
    reservation_id,
    cabin,
    flights: [{ flight_number: found.flight.flight_number, date }],
    payment_id: paymentOf(owned.user, "credit_card"),
  };
  const difference = passengers.length * (found.prices[cabin] - (flights[0]?.price ?? 0));
  const actions = [{ name: "update_reservation_flights", arguments: parameters }];
  return { ...asked, expectation: { actions, outputs: [found.flight.flight_number, `$${Math.abs(difference)}`] } };
}

function changeBasicEconomy(stage: Stage): Script {
  const owned = pickOwned(stage, (each) => isOneWay(each) && !isChangeable(each.reservation));
  return { ...askToMove(stage, owned, "2024-05-28"), expectation: { actions: [], outputs: ["cannot be changed"] } };
}

/** Tasks that change a reservation. */
export const CHANGE_SCENARIOS: readonly Scenario[] = [
  { name: "Add bags", weight: 4, write: addBags },
  { name: "Change the day of a flight", weight: 4, write: changeDay },
  { name: "Change a basic economy ticket", weight: 1, write: changeBasicEconomy },
];
