import type { AirlineData, AirlineFlight } from "@signalbox/model";
import type { Cabin } from "../plans/documents.ts";
import type { Stage } from "./scenario.ts";

/** A flight on a day on which it is on sale. Prices are in US dollars per passenger. */
export type FlightDay = { flight: AirlineFlight; date: string; prices: Record<Cabin, number>; seats: Record<Cabin, number> };

/** Every flight on every day on which it is on sale, in the data's order. */
function flightDays(data: AirlineData): FlightDay[] {
  return Object.values(data.flights).flatMap((flight) =>
    Object.entries(flight.dates).flatMap(([date, day]) =>
      day.status === "available" ? [{ flight, date, prices: day.prices, seats: day.available_seats }] : [],
    ),
  );
}

/** Picks a flight and a day on which it is on sale. */
export function pickFlightDay({ data, random }: Stage): FlightDay {
  return random.pick(flightDays(data));
}

/**
 * The cheapest direct flight between two airports with `passengers` free seats on a day; at equal prices, the first one. Undefined if there
 * is none.
 */
export function cheapestFlight(
  data: AirlineData,
  wanted: { origin: string; destination: string; date: string; cabin: Cabin; passengers: number },
): FlightDay | undefined {
  return flightDays(data)
    .filter(({ flight, date }) => flight.origin === wanted.origin && flight.destination === wanted.destination && date === wanted.date)
    .filter(({ seats }) => seats[wanted.cabin] >= wanted.passengers)
    .sort((a, b) => a.prices[wanted.cabin] - b.prices[wanted.cabin])[0];
}
