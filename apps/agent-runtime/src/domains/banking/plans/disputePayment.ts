import { call, farewell, type Plan, type Slots } from "../../plan.ts";
import { euros, type Payment, type PaymentKind } from "../documents.ts";
import { findOwnPayments } from "./ownPayment.ts";

/** The later of two payments that are equal in everything but their id; undefined if there is no such pair. */
function secondOf(payments: readonly Payment[]): Payment | undefined {
  return payments.find((payment, index) =>
    payments
      .slice(index + 1)
      .some(
        ({ counterparty, amount_cents, made_on }) =>
          counterparty === payment.counterparty && amount_cents === payment.amount_cents && made_on === payment.made_on,
      ),
  );
}

function* dispute(payment: Payment, reason: "not_recognised" | "charged_twice"): Plan {
  const { payment_id, amount_cents, counterparty, disputed } = payment;
  const what = `${euros(amount_cents)} to ${counterparty}`;
  if (disputed) return farewell(`${what}: that payment is disputed already.`, "There is nothing to do.");
  yield call("dispute_payment", { payment_id, reason }, "The customer did not mean to pay it.");
  return farewell(`I have opened a dispute about ${what}. You will hear from us within ten days.`, "The dispute is open.");
}

/** Disputes the newest payment to a counterparty that the customer does not recognise. Without a name nothing is disputed. */
function* disputeUnknown(slots: Slots, kind: PaymentKind): Plan {
  if (slots.counterparty === undefined) return farewell("With whom is the payment that you do not recognise?", "The message does not say.");
  const found = yield* findOwnPayments(slots, kind);
  if (found.kind === "refused") return found.farewell;
  const [payment] = found.payments;
  if (payment === undefined) return farewell("I find no such payment on your account.", "No payment fits.");
  return yield* dispute(payment, "not_recognised");
}

/** Disputes the second of two equal payments; without such a pair nothing is disputed. */
export function* disputeDouble(slots: Slots): Plan {
  const found = yield* findOwnPayments(slots, "card");
  if (found.kind === "refused") return found.farewell;
  const second = secondOf(found.payments);
  if (second === undefined) return farewell("No payment was charged twice.", "No two payments are alike.");
  return yield* dispute(second, "charged_twice");
}

export const disputeCardPayment = (slots: Slots): Plan => disputeUnknown(slots, "card");
export const disputeCash = (slots: Slots): Plan => disputeUnknown(slots, "cash");
export const disputeDirectDebit = (slots: Slots): Plan => disputeUnknown(slots, "direct_debit");
