import { pythonJson } from "./python/pythonJson.ts";
import { numberOf } from "./python/pythonValue.ts";
import { findSurcharge, withPayment } from "./surcharge.ts";
import { answer, defineTool, refusal } from "./tool.ts";

const BAGGAGE_PRICE = 50;

/** Sets the baggage counts of a reservation and charges for additional paid bags; fewer bags are accepted without a refund. */
export const updateReservationBaggages = defineTool({
  name: "update_reservation_baggages",
  parameters: ["reservation_id", "total_baggages", "nonfree_baggages", "payment_id"],
  async run(world, given) {
    const reservation = await world.get("reservations", given.reservation_id);
    if (reservation === undefined) return refusal("reservation not found");

    const added = numberOf(given.nonfree_baggages, "-") - numberOf(reservation.nonfree_baggages, "-");
    const cost = BAGGAGE_PRICE * Math.max(0, added);
    const surcharge = await findSurcharge(world, reservation, given.payment_id, cost);
    if (surcharge.kind !== "surcharge") return surcharge;
    surcharge.collect(world);
    const changed = {
      ...reservation,
      payment_history: withPayment(reservation, given.payment_id, cost),
      total_baggages: given.total_baggages,
      nonfree_baggages: given.nonfree_baggages,
    };
    world.put("reservations", String(given.reservation_id), changed);
    return answer(pythonJson(changed));
  },
});
