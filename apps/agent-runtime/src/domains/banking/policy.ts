import { type Account, euros } from "./documents.ts";

/** The most cards of each kind that an account may have, not counting frozen ones. */
export const CARD_LIMITS = { physical: 2, virtual: 5 } as const;

/** Delivery time of a card, in days. */
export const DELIVERY_DAYS = 6;

/** Why an account cannot send an amount; null if it can. */
export function whyNoTransfer(account: Account, amountCents: number): string | null {
  const { status, balance_cents, daily_limit_cents, sent_today_cents } = account;
  if (status === "blocked") return "the account is blocked";
  if (amountCents > balance_cents) return `the balance of ${euros(balance_cents)} does not cover ${euros(amountCents)}`;
  if (sent_today_cents + amountCents > daily_limit_cents)
    return `with ${euros(amountCents)} more, today's limit of ${euros(daily_limit_cents)} would be passed`;
  return null;
}
