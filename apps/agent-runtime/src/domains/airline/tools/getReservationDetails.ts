import { pythonJson } from "./python/pythonJson.ts";
import { answer, defineTool, refusal } from "./tool.ts";

/** Returns a whole reservation. One that does not exist is refused in the words for a missing user: recorded conversations contain them. */
export const getReservationDetails = defineTool({
  name: "get_reservation_details",
  parameters: ["reservation_id"],
  async run(world, given) {
    const reservation = await world.get("reservations", given.reservation_id);
    return reservation === undefined ? refusal("user not found") : answer(pythonJson(reservation));
  },
});
