import { answer, refusal } from "../../documents/documentTool.ts";
import { CARD_ID, defineTool } from "./defineTool.ts";

/** Unblocks a PIN that was entered wrongly too often. */
export const unblockPin = defineTool({
  name: "unblock_pin",
  description: "Unblocks the PIN of a card after too many wrong entries.",
  arguments: { card_id: CARD_ID },
  async run(world, { card_id }) {
    const card = await world.get("cards", card_id);
    if (card === undefined) return refusal("card not found");
    if (!card.pin_blocked) return refusal("the PIN is not blocked");
    const unblocked = { ...card, pin_blocked: false };
    world.put("cards", card_id, card.account_id, unblocked);
    return answer(unblocked);
  },
});
