import { call, type Farewell, farewell, type PlannedCall, type Slots } from "../../plan.ts";
import { readCustomer } from "./outputs.ts";

type Found = { kind: "found"; accountId: string; customerId: string } | { kind: "refused"; farewell: Farewell };

/** Confirms the customer's identity and finds their account. Nothing about an account is done or disclosed before. */
export function* findOwnAccount({ customer_id, security_word }: Slots): Generator<PlannedCall, Found, string> {
  if (customer_id === undefined || security_word === undefined)
    return {
      kind: "refused",
      farewell: farewell("Please tell me your customer number and your security word.", "The message does not name both."),
    };

  const output = yield call("confirm_identity", { customer_id, security_word }, "An account concerns its owner alone.");
  const customer = readCustomer(output);
  if (customer === null)
    return {
      kind: "refused",
      farewell: farewell("I cannot confirm that you are this customer, so I have done nothing.", "The security word does not fit."),
    };
  const [accountId] = customer.accounts;
  if (accountId === undefined) return { kind: "refused", farewell: farewell("You have no account with us.", "There is no account.") };
  return { kind: "found", accountId, customerId: customer.customer_id };
}
