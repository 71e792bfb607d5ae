import { call, farewell, handOver, type Plan, type Slots } from "../../plan.ts";
import { euros } from "../documents.ts";
import { findOwnPayments } from "./ownPayment.ts";

/** Cancels the newest pending transfer to a recipient. Only a person can recall one that has arrived. */
export function* cancelTransfer(slots: Slots): Plan {
  const found = yield* findOwnPayments(slots, "transfer");
  if (found.kind === "refused") return found.farewell;

  const [newest] = found.payments;
  const payment = found.payments.find(({ status }) => status === "pending") ?? newest;
  if (payment === undefined) return farewell("I find no such transfer.", "No transfer fits.");
  const { payment_id, amount_cents, counterparty, status } = payment;
  if (status === "completed")
    return yield* handOver(
      `${found.customerId} wants transfer ${payment_id} to ${counterparty} back, which has arrived.`,
      "It has arrived.",
    );
  if (status !== "pending")
    return farewell(`The transfer to ${counterparty} was ${status}; nothing left your account.`, "Nothing was sent.");
  yield call("cancel_transfer", { payment_id }, "It has not left yet.");
  return farewell(`The transfer of ${euros(amount_cents)} to ${counterparty} is cancelled.`, "The transfer is cancelled.");
}
