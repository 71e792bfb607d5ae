import { answer } from "../../documents/documentTool.ts";
import { ACCOUNT_ID, defineTool } from "./defineTool.ts";

export const listCards = defineTool({
  name: "list_cards",
  description: "Lists the cards of an account, those on their way too.",
  arguments: { account_id: ACCOUNT_ID },
  run: async (world, { account_id }) => answer(await world.list("cards", account_id)),
});
