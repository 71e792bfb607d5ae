import { pythonStr } from "./python/pythonText.ts";
import { hasKey, lengthOf, memberOf, numberOf } from "./python/pythonValue.ts";
import { refusal, type ToolOutcome } from "./tool.ts";
import type { World } from "./world.ts";

/** A flight's price per passenger (US dollars) and its route; the keys are those of a reservation's flight, in their order. */
export interface Offer {
  readonly price: number;
  readonly origin: string;
  readonly destination: string;
}

/** The current offer for the flight that `item` names (`flight_number`, `date`), or the reason why there is none for these passengers. */
export async function findOffer(
  world: World,
  item: unknown,
  wanted: { cabin: unknown; passengers: unknown },
): Promise<{ readonly kind: "offer"; readonly offer: Offer } | ToolOutcome> {
  const flightNumber = memberOf(item, "flight_number");
  const named = `flight ${pythonStr(flightNumber)}`;
  const flight = await world.get("flights", flightNumber);
  if (flight === undefined) return refusal(`${named} not found`);

  const date = memberOf(item, "date");
  const day = hasKey(flight.dates, date) ? flight.dates[date] : undefined;
  if (day === undefined) return refusal(`${named} not found on date ${pythonStr(date)}`);
  if (day.status !== "available") return refusal(`${named} not available on date ${pythonStr(date)}`);

  const seatsLeft = numberOf(memberOf(day.available_seats, wanted.cabin), "<");
  if (seatsLeft < lengthOf(wanted.passengers)) return refusal(`not enough seats on ${named}`);
  const price = numberOf(memberOf(day.prices, wanted.cabin), "+");
  return { kind: "offer", offer: { price, origin: flight.origin, destination: flight.destination } };
}
