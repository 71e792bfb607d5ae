import { call, type PlannedCall } from "../../plan.ts";
import { type Cabin, type FoundFlight, readFlights } from "./documents.ts";

/**
 * Finds the cheapest direct flight with `seats` free in a cabin; at equal prices, the first in the airline's order. Null if there is none.
 */
export function* findCheapestFlight(
  route: { origin: string; destination: string; date: string },
  cabin: Cabin,
  seats: number,
): Generator<PlannedCall, FoundFlight | null, string> {
  const output = yield call("search_direct_flight", route, "Seats and prices change daily.");
  const free = readFlights(output).filter((flight) => flight.available_seats[cabin] >= seats);
  return free.reduce<FoundFlight | null>(
    (best, flight) => (best === null || flight.prices[cabin] < best.prices[cabin] ? flight : best),
    null,
  );
}
