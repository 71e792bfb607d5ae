import type { AirlineReservation } from "@signalbox/model";
import { call, type Farewell, farewell, type PlannedCall, type Slots } from "../../plan.ts";
import { readReservation } from "./documents.ts";

type Found = { kind: "found"; reservation: AirlineReservation } | { kind: "refused"; farewell: Farewell };

/** Finds the reservation that the customer names, and refuses one that is not theirs. */
export function* findOwnReservation(slots: Slots): Generator<PlannedCall, Found, string> {
  const { reservation_id, user_id } = slots;
  if (reservation_id === undefined || user_id === undefined)
    return { kind: "refused", farewell: farewell("Please tell me your user id and the reservation.", "The message does not name both.") };

  const output = yield call("get_reservation_details", { reservation_id }, "The reservation decides what is possible.");
  const reservation = readReservation(output);
  if (reservation === null)
    return { kind: "refused", farewell: farewell(`I cannot find a reservation ${reservation_id}.`, "There is no such reservation.") };
  if (reservation.user_id !== user_id)
    return { kind: "refused", farewell: farewell(`Reservation ${reservation_id} is not yours to manage.`, "It belongs to somebody else.") };
  return { kind: "found", reservation };
}
