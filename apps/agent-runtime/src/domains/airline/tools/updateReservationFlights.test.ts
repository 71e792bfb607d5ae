import { expect, test } from "vitest";
import { openDesk } from "./smallWorld.ts";

/** Arguments of a change to the next day, which costs 30 more; a test changes those it is about. */
function aChange(changes: Record<string, unknown> = {}): Record<string, unknown> {
  const flights = [{ flight_number: "F1", date: "2024-05-21" }];
  return { reservation_id: "R00001", cabin: "economy", flights, payment_id: "card_1", ...changes };
}

test.each([
  ["reservation not found", { reservation_id: "NOSUCH" }],
  ["flight F9 not found", { flights: [{ flight_number: "F9", date: "2024-05-20" }] }],
  ["flight F1 not found on date 2024-05-01", { flights: [{ flight_number: "F1", date: "2024-05-01" }] }],
  ["flight F1 not available on date 2024-05-14", { flights: [{ flight_number: "F1", date: "2024-05-14" }] }],
  ["payment method not found", { payment_id: "card_9" }],
  ["certificate cannot be used to update reservation", { payment_id: "cert_1" }],
  ["'first'", { cabin: "first" }],
  ["'date'", { flights: [{ flight_number: "F1" }] }],
])("a change is refused with: %s", async (reason, changes) => {
  const desk = openDesk();
  const before = await desk.world.get("reservations", "R00001");
  expect(await desk.call("update_reservation_flights", aChange(changes))).toBe(`Error: ${reason}`);
  expect(await desk.world.get("reservations", "R00001")).toEqual(before);
});

test("there must be seats for every passenger of the reservation", async () => {
  const desk = openDesk();
  const passengers = [1, 2, 3].map((number) => ({ first_name: `P${number}`, last_name: "Abara", dob: "1990-01-01" }));
  const reservation = await desk.world.get("reservations", "R00001");
  desk.world.store([{ table: "reservations", id: "R00001", document: { ...reservation, passengers } }]);
  const flights = [{ flight_number: "F1", date: "2024-05-20" }];
  expect(await desk.call("update_reservation_flights", aChange({ cabin: "business", flights }))).toBe(
    "Error: not enough seats on flight F1",
  );
});

test("a gift card must cover the difference, and receives a refund", async () => {
  const desk = openDesk();
  const dear = [
    { flight_number: "F1", date: "2024-05-21" },
    { flight_number: "F2", date: "2024-05-21" },
    { flight_number: "F2", date: "2024-05-20" },
  ];
  expect(await desk.call("update_reservation_flights", aChange({ flights: dear, payment_id: "gift_1" }))).toBe(
    "Error: gift card balance is not enough",
  );
  await desk.call("update_reservation_flights", aChange({ flights: [{ flight_number: "F3", date: "2024-05-20" }], payment_id: "gift_1" }));
  expect((await desk.world.get("users", "ada_1"))?.payment_methods.gift_1).toMatchObject({ amount: 120 });
  expect((await desk.world.get("reservations", "R00001"))?.payment_history.at(-1)).toEqual({ payment_id: "gift_1", amount: -20 });
});

test("an unchanged flight keeps its old price and is not checked again", async () => {
  const desk = openDesk();
  const flights = [{ date: "2024-05-20", flight_number: "F1" }];
  expect(await desk.call("update_reservation_flights", aChange({ flights }))).toContain(
    '"flights": [{"date": "2024-05-20", "flight_number": "F1", "price": 90, "origin": "A", "destination": "B"}]',
  );
  expect((await desk.world.get("reservations", "R00001"))?.payment_history).toHaveLength(1);
});

test("the payment method is checked even when nothing is due", async () => {
  const desk = openDesk();
  const flights = [{ date: "2024-05-20", flight_number: "F1" }];
  const refused = await desk.call("update_reservation_flights", aChange({ flights, payment_id: "cert_1" }));
  expect(refused).toBe("Error: certificate cannot be used to update reservation");
});

test("another cabin is priced anew, but the reservation keeps the cabin it was booked in", async () => {
  const desk = openDesk();
  const flights = [{ flight_number: "F1", date: "2024-05-20" }];
  await desk.call("update_reservation_flights", aChange({ cabin: "business", flights }));
  const changed = await desk.world.get("reservations", "R00001");
  expect(changed?.cabin).toBe("economy");
  expect(changed?.flights[0]?.price).toBe(100);
  expect(changed?.payment_history.at(-1)).toEqual({ payment_id: "card_1", amount: 10 });
});
