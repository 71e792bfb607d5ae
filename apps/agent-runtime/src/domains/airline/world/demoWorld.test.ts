import { AirlineFlight, AirlineReservation, AirlineUser, airlineDataDigest } from "@signalbox/model";
import { expect, test } from "vitest";
import { demoWorld } from "./demoWorld.ts";

test("the demo's data is what its name stands for: a change of the generator needs a new name", () => {
  expect(airlineDataDigest(demoWorld())).toBe("76ea2e1fc4be64147448f1194bd50eb52098205f8e3f5551ce52faa81262113f");
});

test("a different seed gives a different airline", () => {
  expect(airlineDataDigest(demoWorld(1))).toBe(airlineDataDigest(demoWorld(1)));
  expect(airlineDataDigest(demoWorld(1))).not.toBe(airlineDataDigest(demoWorld(2)));
});

test("every document has the airline's shape", () => {
  const { flights, reservations, users } = demoWorld();
  for (const flight of Object.values(flights)) expect(AirlineFlight.safeParse(flight).error).toBeUndefined();
  for (const reservation of Object.values(reservations)) expect(AirlineReservation.safeParse(reservation).error).toBeUndefined();
  for (const user of Object.values(users)) expect(AirlineUser.safeParse(user).error).toBeUndefined();
});

test("every reservation has an owner, flights that fly that day, and an existing payment method", () => {
  const { flights, reservations, users } = demoWorld();
  for (const reservation of Object.values(reservations)) {
    const owner = users[reservation.user_id];
    expect(owner?.reservations).toContain(reservation.reservation_id);
    for (const { payment_id } of reservation.payment_history) expect(owner?.payment_methods).toHaveProperty(payment_id);
    for (const booked of reservation.flights) {
      const flight = flights[booked.flight_number];
      expect(flight?.dates).toHaveProperty(booked.date);
      expect([flight?.origin, flight?.destination]).toEqual([booked.origin, booked.destination]);
    }
  }
  expect(Object.values(users).reduce((count, user) => count + user.reservations.length, 0)).toBe(Object.keys(reservations).length);
});
