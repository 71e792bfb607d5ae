import { expect, test } from "vitest";
import { openDesk } from "./smallWorld.ts";

const amounts = (output: string): number[] => JSON.parse(output).payment_history.map(({ amount }: { amount: number }) => amount);

test("an unknown reservation cannot be cancelled", async () => {
  expect(await openDesk().call("cancel_reservation", { reservation_id: "NOSUCH" })).toBe("Error: reservation not found");
});

test("cancelling lists every payment as a refund and leaves the user alone", async () => {
  const desk = openDesk();
  const before = await desk.world.get("users", "ada_1");
  const output = await desk.call("cancel_reservation", { reservation_id: "R00001" });
  expect(amounts(output)).toEqual([90, -90]);
  expect(output).toMatch(/"insurance": "no", "status": "cancelled"\}$/);
  expect(await desk.world.get("users", "ada_1")).toEqual(before);
});

test("cancelling twice refunds the refunds", async () => {
  const desk = openDesk();
  await desk.call("cancel_reservation", { reservation_id: "R00001" });
  expect(amounts(await desk.call("cancel_reservation", { reservation_id: "R00001" }))).toEqual([90, -90, -90, 90]);
});

test("a payment of nothing is refunded as 0, without a minus sign", async () => {
  const desk = openDesk();
  const reservation = await desk.world.get("reservations", "R00001");
  const payment_history = [{ payment_id: "card_1", amount: 0 }];
  desk.world.store([{ table: "reservations", id: "R00001", document: { ...reservation, payment_history } }]);
  expect(await desk.call("cancel_reservation", { reservation_id: "R00001" })).toContain(
    '{"payment_id": "card_1", "amount": 0}], "created_at"',
  );
});
