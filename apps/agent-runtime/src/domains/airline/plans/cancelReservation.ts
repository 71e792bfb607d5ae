import { call, farewell, handOver, type Plan, type Slots } from "../../plan.ts";
import { findOwnReservation } from "./ownReservation.ts";
import { hasDeparted, isCancellable } from "./policy.ts";

/** Cancels a reservation if the airline's rules allow it. */
export function* cancelReservation(slots: Slots): Plan {
  const found = yield* findOwnReservation(slots);
  if (found.kind === "refused") return found.farewell;

  const { reservation } = found;
  const { reservation_id, payment_history } = reservation;
  if (reservation.status === "cancelled") return farewell(`Reservation ${reservation_id} is cancelled already.`, "There is nothing to do.");
  if (hasDeparted(reservation))
    return yield* handOver(
      `Cancel reservation ${reservation_id}, of which a flight has departed.`,
      "After departure only a person may decide.",
    );
  if (!isCancellable(reservation))
    return farewell(
      `I am sorry, reservation ${reservation_id} cannot be cancelled: it is neither business class nor insured.`,
      "The airline's rules do not allow it.",
    );

  yield call("cancel_reservation", { reservation_id }, "The airline's rules allow it.");
  const refund = payment_history.reduce((sum, { amount }) => sum + amount, 0);
  return farewell(
    `Reservation ${reservation_id} is cancelled. $${refund} goes back to where it was paid from.`,
    "The reservation is cancelled.",
  );
}
