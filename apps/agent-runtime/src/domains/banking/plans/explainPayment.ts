import { farewell, handOver, type Plan, type Slots } from "../../plan.ts";
import { euros, type Payment, type PaymentKind } from "../documents.ts";
import { findOwnPayments } from "./ownPayment.ts";

/** The bank's word for a payment of each kind. */
const NAMES: Readonly<Record<PaymentKind, string>> = {
  card: "card payment",
  cash: "withdrawal",
  direct_debit: "direct debit",
  top_up: "top-up",
  transfer: "transfer",
};

/** A payment's status as part of a sentence; null if its record does not explain it. */
function becameOf({ status, reason }: Payment): string | null {
  if (status === "completed") return "is completed";
  if (status === "pending") return "is still pending; nothing more is needed from you";
  if (status === "cancelled") return "was cancelled, and the money is back";
  return reason === null ? null : `was ${status === "failed" ? "not possible" : status}: ${reason}`;
}

/**
 * Looks up a payment and explains its status; of several, the newest that was not simply completed. A payment that the record does not
 * explain goes to a person.
 */
function* explain(slots: Slots, kind: PaymentKind): Plan {
  const found = yield* findOwnPayments(slots, kind);
  if (found.kind === "refused") return found.farewell;

  const [newest] = found.payments;
  const payment = found.payments.find(({ status }) => status !== "completed") ?? newest;
  if (payment === undefined) return farewell("I find no such payment on your account.", "No payment fits.");
  const told = becameOf(payment);
  if (told === null)
    return yield* handOver(`Payment ${payment.payment_id} of ${found.customerId} ${payment.status} without a reason.`, "Nobody knows why.");
  const fee = payment.fee_cents === 0 ? "" : ` The fee was ${euros(payment.fee_cents)}.`;
  const what = `Your ${NAMES[kind]} of ${euros(payment.amount_cents)} with ${payment.counterparty} on ${payment.made_on}`;
  return farewell(`${what} ${told}.${fee}`, "The record says what became of it.");
}

export const explainCardPayment = (slots: Slots): Plan => explain(slots, "card");
export const explainCash = (slots: Slots): Plan => explain(slots, "cash");
export const explainTopUp = (slots: Slots): Plan => explain(slots, "top_up");
export const explainTransfer = (slots: Slots): Plan => explain(slots, "transfer");
