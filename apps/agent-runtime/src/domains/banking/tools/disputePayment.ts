import { z } from "zod";
import { answer, refusal } from "../../documents/documentTool.ts";
import { defineTool, PAYMENT_ID } from "./defineTool.ts";

/** Reclaims a payment that the customer did not make, or made only once. */
export const disputePayment = defineTool({
  name: "dispute_payment",
  description: "Opens a dispute about a payment that the customer does not recognise, or that was charged twice.",
  arguments: { payment_id: PAYMENT_ID, reason: z.enum(["not_recognised", "charged_twice"]) },
  async run(world, { payment_id }) {
    const payment = await world.get("payments", payment_id);
    if (payment === undefined) return refusal("payment not found");
    if (payment.disputed) return refusal("the payment is disputed already");
    const disputed = { ...payment, disputed: true };
    world.put("payments", payment_id, payment.account_id, disputed);
    return answer(disputed);
  },
});
