import type { AirlineReservation, AirlineUser } from "@signalbox/model";
import { pythonRepr } from "./python/pythonText.ts";
import { hasKey, numberOf, PythonError } from "./python/pythonValue.ts";
import { refusal, type ToolOutcome } from "./tool.ts";
import type { World } from "./world.ts";

/** A possible payment by the owner of a reservation: `collect` makes it. */
interface Surcharge {
  readonly kind: "surcharge";
  collect(world: World): void;
}

/**
 * Whether the owner of a reservation can pay `amount` more (US dollars; negative for a refund) with `paymentId`. Checked even if nothing is
 * due.
 */
export async function findSurcharge(
  world: World,
  reservation: AirlineReservation,
  paymentId: unknown,
  amount: number,
): Promise<Surcharge | ToolOutcome> {
  const owner = await world.get("users", reservation.user_id);
  if (owner === undefined) throw new PythonError(pythonRepr(reservation.user_id));
  const method = hasKey(owner.payment_methods, paymentId) ? owner.payment_methods[paymentId] : undefined;
  if (method === undefined) return refusal("payment method not found");
  if (method.source === "certificate") return refusal("certificate cannot be used to update reservation");
  if (method.source === "credit_card") return { kind: "surcharge", collect: () => undefined };

  const balance = numberOf(method.amount, "<");
  if (balance < amount) return refusal("gift card balance is not enough");
  const charged: AirlineUser = {
    ...owner,
    payment_methods: { ...owner.payment_methods, [String(paymentId)]: { ...method, amount: balance - amount } },
  };
  return { kind: "surcharge", collect: (to) => to.put("users", reservation.user_id, charged) };
}

/** The payment history with a payment appended, unless it is 0. */
export function withPayment(reservation: AirlineReservation, paymentId: unknown, amount: number): readonly unknown[] {
  return amount === 0 ? reservation.payment_history : [...reservation.payment_history, { payment_id: paymentId, amount }];
}
