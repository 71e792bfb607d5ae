import { answer, refusal } from "../../documents/documentTool.ts";
import { ACCOUNT_ID, defineTool } from "./defineTool.ts";

export const getAccount = defineTool({
  name: "get_account",
  description: "Looks up an account: its balance, its daily limit and what was sent today, in cents of a euro.",
  arguments: { account_id: ACCOUNT_ID },
  async run(world, { account_id }) {
    const account = await world.get("accounts", account_id);
    return account === undefined ? refusal("account not found") : answer(account);
  },
});
