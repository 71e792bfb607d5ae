import { pythonJson } from "./python/pythonJson.ts";
import { lengthOf } from "./python/pythonValue.ts";
import { answer, defineTool, refusal } from "./tool.ts";

/** Replaces the passengers of a reservation by the same number of others. */
export const updateReservationPassengers = defineTool({
  name: "update_reservation_passengers",
  parameters: ["reservation_id", "passengers"],
  async run(world, given) {
    const reservation = await world.get("reservations", given.reservation_id);
    if (reservation === undefined) return refusal("reservation not found");
    if (lengthOf(given.passengers) !== lengthOf(reservation.passengers)) return refusal("number of passengers does not match");

    const changed = { ...reservation, passengers: given.passengers };
    world.put("reservations", String(given.reservation_id), changed);
    return answer(pythonJson(changed));
  },
});
