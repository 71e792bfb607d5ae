import type { AirlineReservation, AirlineUser } from "@signalbox/model";
import type { Cabin } from "./documents.ts";

/** The date of the airline's clock: flights before the next day have departed. */
export const TODAY = "2024-05-15";

/** Price of each bag beyond the free ones, in US dollars. */
export const BAG_PRICE = 50;

/** Price of insurance per passenger, in US dollars. */
export const INSURANCE_PRICE = 30;

/** Free checked bags per passenger, by membership and cabin. */
const FREE_BAGS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  regular: { basic_economy: 0, economy: 1, business: 2 },
  silver: { basic_economy: 1, economy: 2, business: 3 },
  gold: { basic_economy: 2, economy: 3, business: 4 },
};

/** The number of free bags of a reservation. */
export function freeBags(user: Pick<AirlineUser, "membership">, reservation: Pick<AirlineReservation, "cabin" | "passengers">): number {
  return (FREE_BAGS[user.membership]?.[reservation.cabin] ?? 0) * reservation.passengers.length;
}

/** Whether a flight of the reservation may have departed already: then only a person can change anything. */
export function hasDeparted({ flights }: Pick<AirlineReservation, "flights">): boolean {
  return flights.some(({ date }) => date <= TODAY);
}

/** Whether the airline cancels a reservation that has not departed: always in business, otherwise with insurance. */
export function isCancellable({ cabin, insurance }: Pick<AirlineReservation, "cabin" | "insurance">): boolean {
  return cabin === "business" || insurance === "yes";
}

/** Whether a ticket's flights may be changed: never in basic economy. */
export function isChangeable({ cabin }: Pick<AirlineReservation, "cabin">): boolean {
  return cabin !== "basic_economy";
}

/** The cabins, by the tools' names. */
export const CABINS: readonly Cabin[] = ["basic_economy", "economy", "business"];
