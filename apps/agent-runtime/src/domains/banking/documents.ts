import { z } from "zod";

/** A customer of the bank. `security_word` proves their identity; no tool reveals it. */
export const Customer = z.strictObject({
  customer_id: z.string(),
  name: z.string(),
  email: z.string(),
  country: z.string(),
  security_word: z.string(),
  accounts: z.array(z.string()),
});
export type Customer = z.infer<typeof Customer>;

/** An account in euros. All amounts are in cents. `sent_today_cents` counts against `daily_limit_cents`. */
export const Account = z.strictObject({
  account_id: z.string(),
  customer_id: z.string(),
  status: z.enum(["open", "blocked"]),
  balance_cents: z.number().int(),
  daily_limit_cents: z.number().int(),
  sent_today_cents: z.number().int(),
});
export type Account = z.infer<typeof Account>;

/** A card of an account. `arrives_on` is set while it is on its way. */
export const Card = z.strictObject({
  card_id: z.string(),
  account_id: z.string(),
  kind: z.enum(["physical", "virtual"]),
  last_four: z.string(),
  status: z.enum(["ordered", "active", "frozen"]),
  pin_blocked: z.boolean(),
  expires: z.string(),
  arrives_on: z.string().nullable(),
});
export type Card = z.infer<typeof Card>;

export const PaymentKind = z.enum(["card", "cash", "direct_debit", "top_up", "transfer"]);
export type PaymentKind = z.infer<typeof PaymentKind>;

/**
 * A payment, completed or not; `reason` says why it did not go through. Amounts are in cents and exclude `fee_cents`. Days are
 * `YYYY-MM-DD`.
 */
export const Payment = z.strictObject({
  payment_id: z.string(),
  account_id: z.string(),
  kind: PaymentKind,
  counterparty: z.string(),
  amount_cents: z.number().int(),
  fee_cents: z.number().int(),
  status: z.enum(["pending", "completed", "declined", "failed", "reverted", "cancelled"]),
  reason: z.string().nullable(),
  made_on: z.string(),
  disputed: z.boolean(),
});
export type Payment = z.infer<typeof Payment>;

/** The bank's answer to a question that needs no customer data. */
export const Article = z.strictObject({ topic: z.string(), text: z.string() });
export type Article = z.infer<typeof Article>;

/** The bank's documents by kind. Accounts belong to a customer, cards and payments to an account. */
export type BankingDocuments = { customers: Customer; accounts: Account; cards: Card; payments: Payment; articles: Article };

/** The date of the bank's clock. */
export const TODAY = "2026-03-16";

/** `123456` → `€1,234.56`. */
export function euros(cents: number): string {
  const [whole = "0", fraction = "00"] = (Math.abs(cents) / 100).toFixed(2).split(".");
  return `${cents < 0 ? "-" : ""}€${whole.replace(/\B(?=(\d{3})+$)/g, ",")}.${fraction}`;
}
