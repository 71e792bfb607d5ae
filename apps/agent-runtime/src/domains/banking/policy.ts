import { type Account, euros } from "./documents.ts";

/** How many cards of a kind that are not frozen an account has at most. */
export const CARD_LIMITS = { physical: 2, virtual: 5 } as const;

/** How many days a card travels. */
export const DELIVERY_DAYS = 6;

/** Why an account cannot send so much; null when it can. */
export function whyNoTransfer(account: Account, amountCents: number): string | null {
  const { status, balance_cents, daily_limit_cents, sent_today_cents } = account;
  if (status === "blocked") return "the account is blocked";
  if (amountCents > balance_cents) return `the balance of ${euros(balance_cents)} does not cover ${euros(amountCents)}`;
  if (sent_today_cents + amountCents > daily_limit_cents)
    return `with ${euros(amountCents)} more, today's limit of ${euros(daily_limit_cents)} would be passed`;
  return null;
}
