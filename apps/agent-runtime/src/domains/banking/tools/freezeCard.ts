import { z } from "zod";
import { answer, refusal } from "../../documents/documentTool.ts";
import { CARD_ID, defineTool } from "./defineTool.ts";

/** Freezes a card for good. */
export const freezeCard = defineTool({
  name: "freeze_card",
  description: "Freezes a card at once: nothing is paid with it any more.",
  arguments: { card_id: CARD_ID, reason: z.enum(["lost", "stolen", "compromised", "swallowed"]) },
  async run(world, { card_id }) {
    const card = await world.get("cards", card_id);
    if (card === undefined) return refusal("card not found");
    if (card.status === "frozen") return refusal("the card is frozen already");
    const frozen = { ...card, status: "frozen" as const, arrives_on: null };
    world.put("cards", card_id, card.account_id, frozen);
    return answer(frozen);
  },
});
