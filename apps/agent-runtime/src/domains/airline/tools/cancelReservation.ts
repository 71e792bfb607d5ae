import { pythonJson } from "./python/pythonJson.ts";
import { answer, defineTool, refusal } from "./tool.ts";

/**
 * Cancels a reservation: every payment so far is listed once more as a refund. Balances, seats and the user's list of reservations do not
 * change.
 */
export const cancelReservation = defineTool({
  name: "cancel_reservation",
  parameters: ["reservation_id"],
  async run(world, given) {
    const reservation = await world.get("reservations", given.reservation_id);
    if (reservation === undefined) return refusal("reservation not found");

    // 0 - amount, because a negated 0 would print as -0.
    const refunds = reservation.payment_history.map(({ payment_id, amount }) => ({ payment_id, amount: 0 - amount }));
    const cancelled = { ...reservation, payment_history: [...reservation.payment_history, ...refunds], status: "cancelled" };
    world.put("reservations", String(given.reservation_id), cancelled);
    return answer(pythonJson(cancelled));
  },
});
