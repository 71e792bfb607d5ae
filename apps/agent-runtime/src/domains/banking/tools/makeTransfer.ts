import { z } from "zod";
import { answer, refusal } from "../../documents/documentTool.ts";
import { type Payment, TODAY } from "../documents.ts";
import { whyNoTransfer } from "../policy.ts";
import { ACCOUNT_ID, defineTool } from "./defineTool.ts";

/** Sends money. The limits are checked here as well: a plan may be wrong about them, and a model may not look. */
export const makeTransfer = defineTool({
  name: "make_transfer",
  description: "Sends money from an account. Refused over the balance, over the day's limit and from a blocked account.",
  arguments: { account_id: ACCOUNT_ID, payee: z.string().min(1).max(100), amount_cents: z.number().int().positive() },
  async run(world, { account_id, payee, amount_cents }) {
    const account = await world.get("accounts", account_id);
    if (account === undefined) return refusal("account not found");
    const why = whyNoTransfer(account, amount_cents);
    if (why !== null) return refusal(why);

    const payment_id = `P-${account_id.slice(2)}-${String((await world.list("payments", account_id)).length + 1).padStart(3, "0")}`;
    const payment: Payment = {
      payment_id,
      account_id,
      kind: "transfer",
      counterparty: payee,
      amount_cents,
      fee_cents: 0,
      status: "pending",
      reason: null,
      made_on: TODAY,
      disputed: false,
    };
    world.put("payments", payment_id, account_id, payment);
    world.put("accounts", account_id, account.customer_id, {
      ...account,
      balance_cents: account.balance_cents - amount_cents,
      sent_today_cents: account.sent_today_cents + amount_cents,
    });
    return answer(payment);
  },
});
