import { farewell, type Plan, type Slots } from "../../plan.ts";
import { findOwnReservation } from "./ownReservation.ts";

/** Tells a customer the details of their reservation. */
export function* checkReservation(slots: Slots): Plan {
  const found = yield* findOwnReservation(slots);
  if (found.kind === "refused") return found.farewell;

  const { reservation_id, cabin, flights, passengers, payment_history } = found.reservation;
  const legs = flights.map(
    ({ flight_number, origin, destination, date }) => `${flight_number} from ${origin} to ${destination} on ${date}`,
  );
  const names = passengers.map(({ first_name, last_name }) => `${first_name} ${last_name}`);
  const paid = payment_history.reduce((sum, { amount }) => sum + amount, 0);
  const content = `Reservation ${reservation_id} in ${cabin.replace("_", " ")}: ${legs.join(", then ")}. Travelling: ${names.join(" and ")}. Paid: $${paid}.`;
  return farewell(content, "The customer asked for the details.");
}
