import { expect, test } from "vitest";
import { openDesk } from "./smallWorld.ts";

const anUpdate = (changes: Record<string, unknown> = {}) => ({
  reservation_id: "R00001",
  total_baggages: 3,
  nonfree_baggages: 2,
  payment_id: "gift_1",
  ...changes,
});

test.each([
  ["reservation not found", { reservation_id: "NOSUCH" }],
  ["payment method not found", { payment_id: "gift_9" }],
  ["certificate cannot be used to update reservation", { payment_id: "cert_1" }],
  ["certificate cannot be used to update reservation", { payment_id: "cert_1", nonfree_baggages: 0 }],
  ["gift card balance is not enough", { nonfree_baggages: 3 }],
])("an update is refused with: %s", async (reason, changes) => {
  expect(await openDesk().call("update_reservation_baggages", anUpdate(changes))).toBe(`Error: ${reason}`);
});

test("every additional paid bag costs 50, and fewer bags give no refund", async () => {
  const desk = openDesk();
  await desk.call("update_reservation_baggages", anUpdate());
  expect((await desk.world.get("users", "ada_1"))?.payment_methods.gift_1).toMatchObject({ amount: 0 });
  await desk.call("update_reservation_baggages", anUpdate({ total_baggages: 1, nonfree_baggages: 0 }));
  expect(await desk.world.get("reservations", "R00001")).toMatchObject({
    total_baggages: 1,
    nonfree_baggages: 0,
    payment_history: [
      { payment_id: "card_1", amount: 90 },
      { payment_id: "gift_1", amount: 100 },
    ],
  });
});
