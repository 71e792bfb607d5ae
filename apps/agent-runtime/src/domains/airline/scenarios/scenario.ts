import type { AirlineData, AirlineReservation, AirlineUser } from "@signalbox/model";
import type * as scenario from "../../scenario.ts";

/** The material of the airline's scenarios. */
export type Stage = scenario.Stage<AirlineData>;

/** A kind of task of the airline's demo. */
export type Scenario = scenario.Scenario<AirlineData>;

/** A reservation with its owner. */
export type Owned = { reservation: AirlineReservation; user: AirlineUser };

/** Picks a reservation that `fits`, with its owner; the demo's data has some for every scenario. */
export function pickOwned({ data, random }: Stage, fits: (owned: Owned) => boolean): Owned {
  const owned = Object.values(data.reservations).flatMap((reservation) => {
    const user = data.users[reservation.user_id];
    return user === undefined || !fits({ reservation, user }) ? [] : [{ reservation, user }];
  });
  return random.pick(owned);
}

/** `2024-05-20` → `May 20`, half of the time: customers write it both ways. */
export function sayDate({ random }: Stage, date: string): string {
  return random.chance(0.5) ? date : `May ${Number(date.slice(-2))}`;
}

/** `SFO` → `SFO` or `San Francisco`. */
export function sayPlace({ random }: Stage, code: string, airports: Readonly<Record<string, string>>): string {
  return random.chance(0.5) ? code : (airports[code] ?? code);
}

/** The customer's first payment method of a kind. */
export function paymentOf(user: AirlineUser, source: string): string | undefined {
  return Object.values(user.payment_methods).find((method) => method.source === source)?.id;
}
