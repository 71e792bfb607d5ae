import { expect, test } from "vitest";
import { openDesk } from "./smallWorld.ts";

const PASSENGER = { first_name: "Ada", last_name: "Abara", dob: "1990-01-01" };

/** Arguments of a valid booking; a test changes those it is about. */
function aBooking(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    user_id: "ada_1",
    origin: "A",
    destination: "B",
    flight_type: "one_way",
    cabin: "economy",
    flights: [{ flight_number: "F1", date: "2024-05-20" }],
    passengers: [PASSENGER],
    payment_methods: [{ payment_id: "card_1", amount: 100 }],
    total_baggages: 0,
    nonfree_baggages: 0,
    insurance: "no",
    ...changes,
  };
}

const pays = (payment_id: string, amount: number) => ({ payment_id, amount });

test.each([
  ["user not found", { user_id: "nobody" }],
  ["flight F9 not found", { flights: [{ flight_number: "F9", date: "2024-05-20" }] }],
  ["flight F1 not found on date 2024-05-01", { flights: [{ flight_number: "F1", date: "2024-05-01" }] }],
  ["flight F1 not available on date 2024-05-14", { flights: [{ flight_number: "F1", date: "2024-05-14" }] }],
  ["not enough seats on flight F1", { passengers: [PASSENGER, PASSENGER, PASSENGER] }],
  ["payment method card_9 not found", { payment_methods: [pays("card_9", 100)] }],
  ["not enough balance in payment method gift_1", { payment_methods: [pays("gift_1", 101)] }],
  ["not enough balance in payment method cert_1", { payment_methods: [pays("cert_1", 151)] }],
  ["payment amount does not add up, total price is 180, but paid 100", { insurance: "yes", nonfree_baggages: 1 }],
  ["payment amount does not add up, total price is 100, but paid 99.5", { payment_methods: [pays("card_1", 99.5)] }],
  ["'first'", { cabin: "first" }],
  ["'date'", { flights: [{ flight_number: "F1" }] }],
  ["'flight_number'", { flights: [{ date: "2024-05-20" }] }],
  ["'payment_id'", { payment_methods: [{ amount: 100 }] }],
  ["'amount'", { payment_methods: [{ payment_id: "card_1" }] }],
])("a booking is refused with: %s", async (reason, changes) => {
  const desk = openDesk();
  expect(await desk.call("book_reservation", aBooking(changes))).toBe(`Error: ${reason}`);
  expect(await desk.world.get("reservations", "HATHAT")).toBeUndefined();
});

test("flights are checked before payments, and payments before their sum", async () => {
  const desk = openDesk();
  const flights = [{ flight_number: "F9", date: "2024-05-20" }];
  const payment_methods = [pays("card_1", 1), pays("card_9", 1)];
  expect(await desk.call("book_reservation", aBooking({ flights, payment_methods }))).toBe("Error: flight F9 not found");
  expect(await desk.call("book_reservation", aBooking({ payment_methods }))).toBe("Error: payment method card_9 not found");
});

test("a booking is answered in the order of its keys and is listed with its user", async () => {
  const desk = openDesk();
  const flights = [{ origin: "X", date: "2024-05-20", flight_number: "F1", note: "window" }];
  expect(await desk.call("book_reservation", aBooking({ flights }))).toBe(
    '{"reservation_id": "HATHAT", "user_id": "ada_1", "origin": "A", "destination": "B", "flight_type": "one_way", "cabin": "economy", ' +
      '"flights": [{"origin": "A", "date": "2024-05-20", "flight_number": "F1", "note": "window", "price": 100, "destination": "B"}], ' +
      '"passengers": [{"first_name": "Ada", "last_name": "Abara", "dob": "1990-01-01"}], "payment_history": [{"payment_id": "card_1", "amount": 100}], ' +
      '"created_at": "2024-05-15T15:00:00", "total_baggages": 0, "nonfree_baggages": 0, "insurance": "no"}',
  );
  expect((await desk.world.get("users", "ada_1"))?.reservations).toEqual(["R00001", "HATHAT"]);
});

test("three ids are given out; the last one is then reused", async () => {
  const desk = openDesk();
  for (let booking = 0; booking < 4; booking += 1) await desk.call("book_reservation", aBooking());
  expect((await desk.world.get("users", "ada_1"))?.reservations).toEqual(["R00001", "HATHAT", "HATHAU", "HATHAV", "HATHAV"]);
});

test("a gift card keeps its remainder, a certificate is used up, a credit card and the seats stay unchanged", async () => {
  const desk = openDesk();
  const before = await desk.world.get("flights", "F1");
  const payment_methods = [pays("gift_1", 40), pays("cert_1", 10), pays("card_1", 50)];
  await desk.call("book_reservation", aBooking({ payment_methods }));
  expect((await desk.world.get("users", "ada_1"))?.payment_methods).toEqual({
    card_1: { source: "credit_card", brand: "visa", last_four: "1234", id: "card_1" },
    gift_1: { source: "gift_card", amount: 60, id: "gift_1" },
  });
  expect(await desk.world.get("flights", "F1")).toEqual(before);
});

test("a gift card named twice is checked entry by entry and may go below zero", async () => {
  const desk = openDesk();
  const flights = [{ flight_number: "F1", date: "2024-05-21" }];
  const payment_methods = [pays("gift_1", 60), pays("gift_1", 60)];
  expect(await desk.call("book_reservation", aBooking({ flights, payment_methods }))).toMatch(/^\{/);
  expect((await desk.world.get("users", "ada_1"))?.payment_methods.gift_1).toMatchObject({ amount: -20 });
});

test("a certificate named twice fails halfway and leaves nothing behind", async () => {
  const desk = openDesk();
  const before = await desk.world.get("users", "ada_1");
  const payment_methods = [pays("gift_1", 20), pays("cert_1", 40), pays("cert_1", 40)];
  expect(await desk.call("book_reservation", aBooking({ payment_methods }))).toBe("Error: 'cert_1'");
  expect(await desk.world.get("users", "ada_1")).toEqual(before);
  expect(await desk.world.get("reservations", "HATHAT")).toBeUndefined();
});
