import type { WorldDocument } from "@signalbox/model";
import { type Draws, seededDraws } from "../../seededDraws.ts";
import type { Account, BankingDocuments, Card, Customer, Payment, PaymentKind } from "../documents.ts";
import { ARTICLES } from "./articles.ts";

/** The name under which the demo's data is loaded. A name stands for the same data for ever: a change of the generator needs a new name. */
export const DEMO_WORLD = "demo";

const DEMO_SEED = 20260316;
const CUSTOMERS = 60;
const FIRST_NUMBER = 10_001;
const FIRST_NAMES = [
  ..."Anouk Bilal Chiara Dag Esra Finn Gaia Henrik Iris Jakub Kaja Luis Mina Noor Olek Paula Rune Sofia Teo Vera".split(" "),
];
const LAST_NAMES = [..."Adler Brandt Costa Duval Ekholm Ferrari Galvez Horvat Ivanova Jonker Kaya Lund Moreau Novak".split(" ")];
const SECURITY_WORDS = [..."harbour lantern meadow copper orchid thunder violet walnut saffron granite".split(" ")];
const COUNTRIES = ["DE", "ES", "FR", "IT", "NL", "SE"] as const;

/** Counterparties of each kind of payment, and reasons for which such a payment may not go through. */
const PARTIES: Readonly<Record<PaymentKind, { names: readonly string[]; reasons: readonly string[] }>> = {
  card: { names: ["Corner Bakery", "Night Train", "Blue Cinema", "Green Grocer"], reasons: ["the card was frozen", "the PIN was wrong"] },
  cash: { names: ["Market Square", "Central Station"], reasons: ["the machine was empty", "the PIN was blocked"] },
  direct_debit: { names: ["City Power", "Metro Gym"], reasons: ["the mandate had ended"] },
  top_up: { names: ["Salary Card", "Savings Card"], reasons: ["the other bank declined it", "the other card had expired"] },
  transfer: {
    names: ["Ana Prado", "Ben Okoye", "Cleo Lindt", "Dora Weiss"],
    reasons: ["the account number does not exist", "the payee's bank refused it"],
  },
};
const KINDS = Object.keys(PARTIES) as PaymentKind[];
/** The days of March on which payments were made: the fortnight before the bank's today. */
const FIRST_DAY = 1;
const LAST_DAY = 15;

/** The bank's data by kind and id. */
export type BankingData = { readonly [Kind in keyof BankingDocuments]: Readonly<Record<string, BankingDocuments[Kind]>> };

const inMarch = (day: number): string => `2026-03-${String(day).padStart(2, "0")}`;

function makeCards(random: Draws, account: Account): Card[] {
  const card = (number: number, rest: Pick<Card, "kind" | "status" | "pin_blocked" | "arrives_on">): Card => ({
    card_id: `${account.account_id.replace("A-", "K-")}-${number}`,
    account_id: account.account_id,
    last_four: String(random.integer(1_000, 9_999)),
    expires: `20${random.integer(26, 29)}-${String(random.integer(4, 12)).padStart(2, "0")}`,
    ...rest,
  });
  const first = card(1, { kind: "physical", status: "active", pin_blocked: random.chance(0.3), arrives_on: null });
  const extra = random.pick(["none", "virtual", "ordered", "late"] as const);
  if (extra === "none") return [first];
  if (extra === "virtual") return [first, card(2, { kind: "virtual", status: "active", pin_blocked: false, arrives_on: null })];
  const arrives_on = inMarch(extra === "late" ? random.integer(5, 12) : random.integer(17, 22));
  return [first, card(2, { kind: "physical", status: "ordered", pin_blocked: false, arrives_on })];
}

function makePayment(random: Draws, account: Account, number: number, day: number): Payment {
  const kind = random.pick(KINDS);
  const status = random.pick(["completed", "completed", "completed", "pending", "declined", "failed"] as const);
  return {
    payment_id: `P-${account.account_id.slice(2)}-${String(number).padStart(3, "0")}`,
    account_id: account.account_id,
    kind,
    counterparty: random.pick(PARTIES[kind].names),
    amount_cents: random.integer(300, 30_000),
    fee_cents: kind === "cash" ? 150 : 0,
    status,
    reason: status === "declined" || status === "failed" ? random.pick([...PARTIES[kind].reasons, null]) : null,
    made_on: inMarch(day),
    disputed: false,
  };
}

/** Payments of a fortnight, oldest first; now and then a card payment occurs twice. */
function makePayments(random: Draws, account: Account): Payment[] {
  const days = Array.from({ length: random.integer(6, 14) }, () => random.integer(FIRST_DAY, LAST_DAY)).sort((a, b) => a - b);
  const payments = days.map((day, index) => makePayment(random, account, index + 1, day));
  const last = payments.findLast(({ kind, status }) => kind === "card" && status === "completed");
  if (last === undefined || !random.chance(0.4)) return payments;
  const twin = { ...last, payment_id: `P-${account.account_id.slice(2)}-${String(payments.length + 1).padStart(3, "0")}` };
  return [...payments, twin];
}

/** An invented bank; the same seed gives the same one. */
export function demoWorld(seed = DEMO_SEED): BankingData {
  const random = seededDraws(seed);
  const customers: Customer[] = [];
  const accounts: Account[] = [];
  const cards: Card[] = [];
  const payments: Payment[] = [];
  for (let number = FIRST_NUMBER; number < FIRST_NUMBER + CUSTOMERS; number += 1) {
    const name = `${random.pick(FIRST_NAMES)} ${random.pick(LAST_NAMES)}`;
    const account: Account = {
      account_id: `A-${number}`,
      customer_id: `C-${number}`,
      status: random.chance(0.05) ? "blocked" : "open",
      balance_cents: random.integer(0, 400_000),
      daily_limit_cents: 200_000,
      sent_today_cents: random.pick([0, 0, 50_000, 150_000]),
    };
    customers.push({
      customer_id: account.customer_id,
      name,
      email: `${name.toLowerCase().replace(" ", ".")}${number}@example.com`,
      country: random.pick(COUNTRIES),
      security_word: random.pick(SECURITY_WORDS),
      accounts: [account.account_id],
    });
    accounts.push(account);
    cards.push(...makeCards(random, account));
    payments.push(...makePayments(random, account));
  }
  return {
    customers: Object.fromEntries(customers.map((customer) => [customer.customer_id, customer])),
    accounts: Object.fromEntries(accounts.map((account) => [account.account_id, account])),
    cards: Object.fromEntries(cards.map((card) => [card.card_id, card])),
    payments: Object.fromEntries(payments.map((payment) => [payment.payment_id, payment])),
    articles: Object.fromEntries(Object.entries(ARTICLES).map(([topic, text]) => [topic, { topic, text }])),
  };
}

/** The bank's data as the documents of a world. */
export function documentsOf({ customers, accounts, cards, payments, articles }: BankingData): WorldDocument[] {
  return [
    ...Object.entries(customers).map(([id, document]) => ({ kind: "customers", id, owner: null, document })),
    ...Object.entries(accounts).map(([id, document]) => ({ kind: "accounts", id, owner: document.customer_id, document })),
    ...Object.entries(cards).map(([id, document]) => ({ kind: "cards", id, owner: document.account_id, document })),
    ...Object.entries(payments).map(([id, document]) => ({ kind: "payments", id, owner: document.account_id, document })),
    ...Object.entries(articles).map(([id, document]) => ({ kind: "articles", id, owner: null, document })),
  ];
}
