import { answer, refusal } from "../../documents/documentTool.ts";
import { defineTool, PAYMENT_ID } from "./defineTool.ts";

/** Cancels a transfer that is still pending. */
export const cancelTransfer = defineTool({
  name: "cancel_transfer",
  description: "Cancels a transfer that is still pending, and puts the money back.",
  arguments: { payment_id: PAYMENT_ID },
  async run(world, { payment_id }) {
    const payment = await world.get("payments", payment_id);
    if (payment === undefined || payment.kind !== "transfer") return refusal("transfer not found");
    if (payment.status !== "pending") return refusal(`the transfer is ${payment.status}`);
    const account = await world.get("accounts", payment.account_id);
    if (account === undefined) return refusal("account not found");

    const cancelled = { ...payment, status: "cancelled" as const };
    const balance_cents = account.balance_cents + payment.amount_cents + payment.fee_cents;
    world.put("payments", payment_id, payment.account_id, cancelled);
    world.put("accounts", account.account_id, account.customer_id, { ...account, balance_cents });
    return answer(cancelled);
  },
});
