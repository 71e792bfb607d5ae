import type { AirlineReservation } from "@signalbox/model";
import type { Draws } from "../../seededDraws.ts";
import { dateOf, momentOf } from "./calendar.ts";
import { CABINS, type DemoFlight } from "./demoFlights.ts";
import type { DemoUser } from "./demoUsers.ts";

const RESERVATIONS = 240;
const INSURANCE_PRICE = 30;
const LETTERS = [..."ABCDEFGHJKLMNPQRSTUVWXYZ"];
const CHARACTERS = [...LETTERS, ..."23456789"];

/** An id of six characters, beginning with a letter so that it does not look like a number. */
function makeId(random: Draws): string {
  return random.pick(LETTERS) + Array.from({ length: 5 }, () => random.pick(CHARACTERS)).join("");
}

/** A flight and its day; half of the time with the return flight some days later. */
function makeTrip(random: Draws, flights: readonly DemoFlight[]): readonly (DemoFlight & { day: number })[] {
  const out = { ...random.pick(flights), day: random.integer(3, 24) };
  if (random.chance(0.5)) return [out];
  const ways = flights.filter(({ flight }) => flight.origin === out.flight.destination && flight.destination === out.flight.origin);
  return [out, { ...random.pick(ways), day: out.day + random.integer(2, 6) }];
}

function makeReservation(random: Draws, id: string, owner: DemoUser, flights: readonly DemoFlight[]): AirlineReservation {
  const trip = makeTrip(random, flights);
  const cabin = random.pick(CABINS);
  const booked = trip.map(({ flight: { origin, destination, flight_number }, fares, day }) => {
    return { origin, destination, flight_number, date: dateOf(day), price: fares[cabin] };
  });
  const { user } = owner;
  const passengers = [{ ...user.name, dob: user.dob }, ...(random.chance(0.3) ? user.saved_passengers : [])];
  const insurance = random.chance(0.3) ? "yes" : "no";
  const price = booked.reduce((sum, flight) => sum + flight.price, insurance === "yes" ? INSURANCE_PRICE : 0);
  return {
    reservation_id: id,
    user_id: owner.id,
    origin: booked[0]?.origin ?? "",
    destination: booked[0]?.destination ?? "",
    flight_type: booked.length === 1 ? "one_way" : "round_trip",
    cabin,
    flights: booked,
    passengers,
    payment_history: [{ payment_id: random.pick(Object.keys(user.payment_methods)), amount: price * passengers.length }],
    created_at: momentOf(random.integer(1, 2), random.integer(0, 24 * 60 - 1)),
    total_baggages: random.integer(0, 2),
    nonfree_baggages: 0,
    insurance,
  };
}

/** Reservations of `users` on `flights`; flights may be full or departed, as in real life. */
export function makeReservations(random: Draws, users: readonly DemoUser[], flights: readonly DemoFlight[]): readonly AirlineReservation[] {
  const ids = new Set<string>();
  while (ids.size < RESERVATIONS) ids.add(makeId(random));
  return [...ids].map((id) => makeReservation(random, id, random.pick(users), flights));
}
