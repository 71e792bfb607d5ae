import { answer, refusal } from "../../documents/documentTool.ts";
import { CARD_ID, defineTool } from "./defineTool.ts";

/** Activates a card that has arrived. */
export const activateCard = defineTool({
  name: "activate_card",
  description: "Activates a card that the customer has received.",
  arguments: { card_id: CARD_ID },
  async run(world, { card_id }) {
    const card = await world.get("cards", card_id);
    if (card === undefined) return refusal("card not found");
    if (card.status !== "ordered") return refusal(`the card is ${card.status}`);
    const activated = { ...card, status: "active" as const, arrives_on: null };
    world.put("cards", card_id, card.account_id, activated);
    return answer(activated);
  },
});
