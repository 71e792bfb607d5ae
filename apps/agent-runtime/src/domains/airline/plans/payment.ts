import type { AirlinePaymentMethod, AirlineUser } from "@signalbox/model";

/** The customer's first payment method of a kind (a credit card unless they name another); undefined if they have none. */
export function findPayment(user: AirlineUser, kind = "credit_card"): AirlinePaymentMethod | undefined {
  return Object.values(user.payment_methods).find(({ source }) => source === kind);
}

/** Whether a payment method covers `amount` US dollars; a credit card always does. */
export function covers(method: AirlinePaymentMethod, amount: number): boolean {
  return method.source === "credit_card" || method.amount >= amount;
}
