import { answer } from "../../documents/documentTool.ts";
import { PaymentKind } from "../documents.ts";
import { ACCOUNT_ID, defineTool } from "./defineTool.ts";

/** The most payments in one list. */
const PAYMENTS_MAX = 50;

/** Lists the payments of an account. */
export const listPayments = defineTool({
  name: "list_payments",
  description: `Lists the latest ${PAYMENTS_MAX} payments of a kind of an account, the newest first.`,
  arguments: { account_id: ACCOUNT_ID, kind: PaymentKind },
  async run(world, { account_id, kind }) {
    const payments = await world.list("payments", account_id);
    return answer(
      payments
        .filter((payment) => payment.kind === kind)
        .reverse()
        .slice(0, PAYMENTS_MAX),
    );
  },
});
