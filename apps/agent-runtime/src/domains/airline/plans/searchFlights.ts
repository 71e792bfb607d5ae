import { call, farewell, type Plan, type Slots } from "../../plan.ts";
import { readFlights } from "./documents.ts";

/** Lists the direct flights of a day with their economy prices. */
export function* searchFlights(slots: Slots): Plan {
  const { origin, destination, date } = slots;
  if (origin === undefined || destination === undefined || date === undefined)
    return farewell("From where to where, and on which day?", "The message does not name all of it.");

  const output = yield call("search_direct_flight", { origin, destination, date }, "Seats and prices change daily.");
  const lines = readFlights(output).map(
    ({ flight_number, scheduled_departure_time_est, prices }) =>
      `${flight_number} at ${scheduled_departure_time_est} from $${prices.economy} in economy`,
  );
  const content =
    lines.length === 0 ? `No direct flight is on sale from ${origin} to ${destination} on ${date}.` : `On ${date}: ${lines.join("; ")}.`;
  return farewell(content, "The customer asked what there is.");
}
