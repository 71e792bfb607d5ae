import { call, type Farewell, farewell, type PlannedCall, type Slots } from "../../plan.ts";
import type { Payment, PaymentKind } from "../documents.ts";
import { readPayments } from "./outputs.ts";
import { findOwnAccount } from "./ownAccount.ts";

type Found = { kind: "found"; payments: Payment[]; customerId: string } | { kind: "refused"; farewell: Farewell };

/** Finds the payments of a kind that the customer may mean, newest first: those with the counterparty that they name, else all. */
export function* findOwnPayments(slots: Slots, kind: PaymentKind): Generator<PlannedCall, Found, string> {
  const found = yield* findOwnAccount(slots);
  if (found.kind === "refused") return found;

  const { accountId: account_id, customerId } = found;
  const all = readPayments(yield call("list_payments", { account_id, kind }, "The payment itself tells what became of it."));
  const { counterparty } = slots;
  const payments = counterparty === undefined ? all : all.filter((payment) => payment.counterparty === counterparty);
  if (payments.length === 0) return { kind: "refused", farewell: farewell("I find no such payment on your account.", "No payment fits.") };
  return { kind: "found", payments, customerId };
}
