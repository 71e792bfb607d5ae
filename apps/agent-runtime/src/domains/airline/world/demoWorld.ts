import type { AirlineData } from "@signalbox/model";
import { seededDraws } from "../../seededDraws.ts";
import { makeFlights } from "./demoFlights.ts";
import { makeReservations } from "./demoReservations.ts";
import { makeUsers } from "./demoUsers.ts";

/** The name under which the demo's data is loaded. A name stands for the same data for ever: a change of the generator needs a new name. */
export const DEMO_WORLD = "demo";

const DEMO_SEED = 20240515;

/** An invented airline whose flights, users and reservations belong together; the same seed gives the same one. */
export function demoWorld(seed = DEMO_SEED): AirlineData {
  const random = seededDraws(seed);
  const flights = makeFlights(random);
  const users = makeUsers(random);
  const reservations = makeReservations(random, users, flights);

  const listOf = (userId: string): string[] =>
    reservations.filter(({ user_id }) => user_id === userId).map(({ reservation_id }) => reservation_id);
  return {
    flights: Object.fromEntries(flights.map(({ flight }) => [flight.flight_number, flight])),
    reservations: Object.fromEntries(reservations.map((reservation) => [reservation.reservation_id, reservation])),
    users: Object.fromEntries(users.map(({ id, user }) => [id, { ...user, reservations: listOf(id) }])),
  };
}
