import { z } from "zod";
import { answer, refusal } from "../../documents/documentTool.ts";
import { CUSTOMER_ID, defineTool } from "./defineTool.ts";

/**
 * Checks whether somebody is the customer they claim to be. Both kinds of failure get the same answer, so that nobody learns which
 * customers exist.
 */
export const confirmIdentity = defineTool({
  name: "confirm_identity",
  description:
    "Confirms that the person on the line is a customer, by their security word. Do it before anything that concerns an account.",
  arguments: { customer_id: CUSTOMER_ID, security_word: z.string().min(1) },
  async run(world, { customer_id, security_word }) {
    const customer = await world.get("customers", customer_id);
    if (customer === undefined || customer.security_word.toLowerCase() !== security_word.toLowerCase())
      return refusal("the customer's number and the security word do not belong together");
    const { security_word: _, ...told } = customer;
    return answer(told);
  },
});
