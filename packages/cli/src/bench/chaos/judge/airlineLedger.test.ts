import { expect, test } from "vitest";
import { isBookedOnce } from "./airlineLedger.ts";

const PAID = { payment_id: "gift_card_1", amount: 300 };
const BAG = { payment_id: "gift_card_1", amount: 50 };
const RESERVATION = { user_id: "ann", payment_history: [PAID], total_baggages: 1, nonfree_baggages: 0 };
const ANN = { payment_methods: { gift_card_1: { source: "gift_card", id: "gift_card_1", amount: 200 } } };

const addBag = {
  name: "update_reservation_baggages",
  arguments: { reservation_id: "R", total_baggages: 2, nonfree_baggages: 1, payment_id: "gift_card_1" },
};
const cancel = { name: "cancel_reservation", arguments: { reservation_id: "R" } };
const look = { name: "get_reservation_details", arguments: { reservation_id: "R" } };

const reservation = (change: object) => ({
  ...{ table: "reservations" as const, id: "R", base: RESERVATION },
  document: { ...RESERVATION, ...change },
});
const ann = (amount: number) => ({
  ...{ table: "users" as const, id: "ann", base: ANN },
  document: { payment_methods: { gift_card_1: { ...ANN.payment_methods.gift_card_1, amount } } },
});
const account = (calls: object[], documents: object[]) => ({ taskId: "t", calls, documents }) as Parameters<typeof isBookedOnce>[0];

const WITH_BAG = { total_baggages: 2, nonfree_baggages: 1, payment_history: [PAID, BAG] };
const REFUND = { ...PAID, amount: -300 };

test("what each call does once is right, and so is a task that only looked", () => {
  expect(isBookedOnce(account([look, addBag], [reservation(WITH_BAG), ann(150)]))).toBe(true);
  expect(isBookedOnce(account([cancel], [reservation({ status: "cancelled", payment_history: [PAID, REFUND] })]))).toBe(true);
  expect(isBookedOnce(account([look], []))).toBe(true);
});

test("a bag that was paid twice is found, in the reservation and on the card", () => {
  expect(isBookedOnce(account([addBag], [reservation({ ...WITH_BAG, payment_history: [PAID, BAG, BAG] }), ann(150)]))).toBe(false);
  expect(isBookedOnce(account([addBag], [reservation(WITH_BAG), ann(100)]))).toBe(false);
});

test("a refund that was given twice is found", () => {
  const payment_history = [PAID, REFUND, PAID, REFUND];
  expect(isBookedOnce(account([cancel], [reservation({ status: "cancelled", payment_history })]))).toBe(false);
});

test("an effect without a call, and a call without its effect, are found", () => {
  expect(isBookedOnce(account([], [reservation(WITH_BAG), ann(150)]))).toBe(false);
  expect(isBookedOnce(account([addBag], []))).toBe(false);
});
