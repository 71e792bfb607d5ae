import { call, farewell, type Plan, type Slots } from "../../plan.ts";
import { euros } from "../documents.ts";
import { whyNoTransfer } from "../policy.ts";
import { readAccount, readPayment } from "./outputs.ts";
import { findOwnAccount } from "./ownAccount.ts";

/** Sends money if the balance and the daily limit allow it. */
export function* makeTransfer(slots: Slots): Plan {
  const { amount_cents, counterparty: payee } = slots;
  if (amount_cents === undefined || payee === undefined) return farewell("How much, and to whom?", "The message does not name both.");
  const found = yield* findOwnAccount(slots);
  if (found.kind === "refused") return found.farewell;

  const { accountId: account_id } = found;
  const account = readAccount(yield call("get_account", { account_id }, "The balance and the limit decide."));
  if (account === null) return farewell("I cannot find your account.", "There is no such account.");
  const why = whyNoTransfer(account, Number(amount_cents));
  if (why !== null) return farewell(`I cannot send that: ${why}.`, "The bank's rules do not allow it.");

  const request = { account_id, payee, amount_cents: Number(amount_cents) };
  const payment = readPayment(yield call("make_transfer", request, "The balance and the limit allow it."));
  if (payment === null) return farewell("The transfer was refused; nothing was sent.", "The bank refused it.");
  return farewell(`${euros(payment.amount_cents)} are on their way to ${payee}.`, "The money is sent.");
}
