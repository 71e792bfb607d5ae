import { createHash } from "node:crypto";
import { z } from "zod";
import { answer, refusal } from "../../documents/documentTool.ts";
import { type Card, TODAY } from "../documents.ts";
import { CARD_LIMITS, DELIVERY_DAYS } from "../policy.ts";
import { ACCOUNT_ID, defineTool } from "./defineTool.ts";

/** The date `days` after a day. */
function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(day) + days * 24 * 60 * 60 * 1_000).toISOString().slice(0, 10);
}

/** Four digits derived from a card's id: a repeated task must get the same ones. */
function lastFourOf(cardId: string): string {
  const digits = createHash("sha256").update(cardId).digest().readUInt32BE() % 10_000;
  return String(digits).padStart(4, "0");
}

export const orderCard = defineTool({
  name: "order_card",
  description: `Orders a card for an account. A physical one arrives after ${DELIVERY_DAYS} days, a virtual one works at once.`,
  arguments: { account_id: ACCOUNT_ID, kind: z.enum(["physical", "virtual"]) },
  async run(world, { account_id, kind }) {
    const account = await world.get("accounts", account_id);
    if (account === undefined) return refusal("account not found");
    if (account.status === "blocked") return refusal("the account is blocked");
    const cards = await world.list("cards", account_id);
    const usable = cards.filter((card) => card.kind === kind && card.status !== "frozen");
    if (usable.length >= CARD_LIMITS[kind]) return refusal(`an account has at most ${CARD_LIMITS[kind]} ${kind} cards`);

    const card_id = `${account_id.replace("A-", "K-")}-${cards.length + 1}`;
    const isPhysical = kind === "physical";
    const card: Card = {
      card_id,
      account_id,
      kind,
      last_four: lastFourOf(card_id),
      status: isPhysical ? "ordered" : "active",
      pin_blocked: false,
      expires: "2029-03",
      arrives_on: isPhysical ? dayAfter(TODAY, DELIVERY_DAYS) : null,
    };
    world.put("cards", card_id, account_id, card);
    return answer(card);
  },
});
