import type { AirlineReservation, AirlineUser } from "@signalbox/model";
import type { Cabin } from "./documents.ts";

/** The day on which the airline's clock stands: flights before the next day are gone. */
export const TODAY = "2024-05-15";

/** US dollars for each bag beyond the free ones. */
export const BAG_PRICE = 50;

/** US dollars for the insurance of one passenger. */
export const INSURANCE_PRICE = 30;

/** Free checked bags per passenger, by membership and cabin. */
const FREE_BAGS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  regular: { basic_economy: 0, economy: 1, business: 2 },
  silver: { basic_economy: 1, economy: 2, business: 3 },
  gold: { basic_economy: 2, economy: 3, business: 4 },
};

/** How many bags of a reservation cost nothing. */
export function freeBags(user: Pick<AirlineUser, "membership">, reservation: Pick<AirlineReservation, "cabin" | "passengers">): number {
  return (FREE_BAGS[user.membership]?.[reservation.cabin] ?? 0) * reservation.passengers.length;
}

/** Whether a flight of the reservation may have left already: then only a person can change anything. */
export function hasDeparted({ flights }: Pick<AirlineReservation, "flights">): boolean {
  return flights.some(({ date }) => date <= TODAY);
}

/** Whether the airline cancels a reservation that has not departed: business tickets always, others with insurance. */
export function isCancellable({ cabin, insurance }: Pick<AirlineReservation, "cabin" | "insurance">): boolean {
  return cabin === "business" || insurance === "yes";
}

/** Whether the flights of a ticket may be changed: never in basic economy. */
export function isChangeable({ cabin }: Pick<AirlineReservation, "cabin">): boolean {
  return cabin !== "basic_economy";
}

/** The cabins by the words of the tools. */
export const CABINS: readonly Cabin[] = ["basic_economy", "economy", "business"];
