import { z } from "zod";
import { sha256 } from "../sha256.ts";

/*
 * The airline's documents. Their keys are the data set's own (snake_case), unknown keys stay, and the order of keys is part of the data:
 * validate with these schemas, then keep the value that was given, because zod writes the keys it knows first.
 */

const PerCabin = z.looseObject({ basic_economy: z.number().int(), economy: z.number().int(), business: z.number().int() });

/** A flight on one day: seats and prices (US dollars) while it is on sale, or the flight's outcome after that. */
export const AirlineFlightDay = z.discriminatedUnion("status", [
  z.looseObject({ status: z.literal("available"), available_seats: PerCabin, prices: PerCabin }),
  z.looseObject({ status: z.enum(["landed", "cancelled", "flying", "delayed", "on time"]) }),
]);
export type AirlineFlightDay = z.infer<typeof AirlineFlightDay>;

/** A flight number with its route, its times (EST, `HH:MM:SS`, `+1` for the day after) and its days, keyed `YYYY-MM-DD`. */
export const AirlineFlight = z.looseObject({
  flight_number: z.string(),
  origin: z.string(),
  destination: z.string(),
  scheduled_departure_time_est: z.string(),
  scheduled_arrival_time_est: z.string(),
  dates: z.record(z.string(), AirlineFlightDay),
});
export type AirlineFlight = z.infer<typeof AirlineFlight>;

/** A booking. `price` is per passenger, `amount` what was paid (negative: refunded), both in US dollars. */
export const AirlineReservation = z.looseObject({
  reservation_id: z.string(),
  user_id: z.string(),
  origin: z.string(),
  destination: z.string(),
  flight_type: z.string(),
  cabin: z.string(),
  flights: z.array(
    z.looseObject({ origin: z.string(), destination: z.string(), flight_number: z.string(), date: z.string(), price: z.number() }),
  ),
  passengers: z.array(z.looseObject({ first_name: z.string(), last_name: z.string(), dob: z.string() })),
  payment_history: z.array(z.looseObject({ payment_id: z.string(), amount: z.number() })),
  created_at: z.string(),
  total_baggages: z.number().int(),
  nonfree_baggages: z.number().int(),
  insurance: z.string(),
});
export type AirlineReservation = z.infer<typeof AirlineReservation>;

/** A way to pay; gift cards and certificates have a balance in US dollars. */
export const AirlinePaymentMethod = z.discriminatedUnion("source", [
  z.looseObject({ source: z.literal("credit_card"), id: z.string() }),
  z.looseObject({ source: z.enum(["gift_card", "certificate"]), id: z.string(), amount: z.number() }),
]);
export type AirlinePaymentMethod = z.infer<typeof AirlinePaymentMethod>;

/** A customer. `payment_methods` is keyed by payment id, `reservations` lists ids, oldest first. */
export const AirlineUser = z.looseObject({
  name: z.looseObject({ first_name: z.string(), last_name: z.string() }),
  address: z.record(z.string(), z.string()),
  email: z.string(),
  dob: z.string(),
  payment_methods: z.record(z.string(), AirlinePaymentMethod),
  saved_passengers: z.array(z.looseObject({ first_name: z.string(), last_name: z.string(), dob: z.string() })),
  membership: z.string(),
  reservations: z.array(z.string()),
});
export type AirlineUser = z.infer<typeof AirlineUser>;

/** The document type of each table. */
export interface AirlineDocuments {
  flights: AirlineFlight;
  reservations: AirlineReservation;
  users: AirlineUser;
}
export type AirlineTable = keyof AirlineDocuments;

/** A whole world of the airline: its documents by id, in the order of their source file. */
export type AirlineData = { readonly [T in AirlineTable]: Readonly<Record<string, AirlineDocuments[T]>> };

/** Read access to a world. Ids of any type are accepted; one that is not a string matches nothing. */
export interface AirlineReader {
  get<T extends AirlineTable>(table: T, id: unknown): Promise<AirlineDocuments[T] | undefined>;
  /** The flights from `origin`, to `destination` or both, in the data set's order. */
  flights(route: { origin?: unknown; destination?: unknown }): Promise<readonly AirlineFlight[]>;
}

/** A whole document to store, which replaces the one with its id. */
export interface AirlineWrite {
  readonly table: AirlineTable;
  readonly id: string;
  readonly document: Readonly<Record<string, unknown>>;
}

/** The fingerprint of a world's data: SHA-256 (hex) of its JSON text, so the order of keys counts. */
export function airlineDataDigest(data: AirlineData): string {
  return sha256(JSON.stringify(data));
}
