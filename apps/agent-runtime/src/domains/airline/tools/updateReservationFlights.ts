import type { AirlineReservation } from "@signalbox/model";
import { findOffer, type Offer } from "./offer.ts";
import { pythonJson } from "./python/pythonJson.ts";
import { itemsOf, lengthOf, memberOf, objectOf } from "./python/pythonValue.ts";
import { findSurcharge, withPayment } from "./surcharge.ts";
import { answer, defineTool, refusal } from "./tool.ts";

/** The reservation's flight that `item` names again, at its old price; none if the cabin changes. */
function keptFlight(reservation: AirlineReservation, item: unknown, cabin: unknown): Offer | undefined {
  const kept = reservation.flights.find(
    ({ flight_number, date }) =>
      flight_number === memberOf(item, "flight_number") && date === memberOf(item, "date") && cabin === reservation.cabin,
  );
  return kept && { price: kept.price, origin: kept.origin, destination: kept.destination };
}

function priceOf(flights: readonly { readonly price: number }[]): number {
  return flights.reduce((sum, { price }) => sum + price, 0);
}

/**
 * Replaces all flights of a reservation and settles the difference. The reservation's `cabin` stays as it was booked, whichever cabin is
 * asked for.
 */
export const updateReservationFlights = defineTool({
  name: "update_reservation_flights",
  parameters: ["reservation_id", "cabin", "flights", "payment_id"],
  async run(world, given) {
    const reservation = await world.get("reservations", given.reservation_id);
    if (reservation === undefined) return refusal("reservation not found");

    const flights: (Record<string, unknown> & Offer)[] = [];
    for (const item of itemsOf(given.flights)) {
      const kept = keptFlight(reservation, item, given.cabin);
      const found = kept
        ? ({ kind: "offer", offer: kept } as const)
        : await findOffer(world, item, { cabin: given.cabin, passengers: reservation.passengers });
      if (found.kind !== "offer") return found;
      flights.push({ ...objectOf(item), ...found.offer });
    }
    const difference = (priceOf(flights) - priceOf(reservation.flights)) * lengthOf(reservation.passengers);

    const surcharge = await findSurcharge(world, reservation, given.payment_id, difference);
    if (surcharge.kind !== "surcharge") return surcharge;
    surcharge.collect(world);
    const changed = { ...reservation, flights, payment_history: withPayment(reservation, given.payment_id, difference) };
    world.put("reservations", String(given.reservation_id), changed);
    return answer(pythonJson(changed));
  },
});
