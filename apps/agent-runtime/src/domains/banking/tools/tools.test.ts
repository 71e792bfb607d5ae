import { expect, test } from "vitest";
import { openMemoryDesk } from "../../documents/memoryDesk.ts";
import type { Account, Card, Payment } from "../documents.ts";
import { bankingTools } from "./tools.ts";

const ACCOUNT: Account = {
  account_id: "A-1",
  customer_id: "C-1",
  status: "open",
  balance_cents: 10_000,
  daily_limit_cents: 8_000,
  sent_today_cents: 1_000,
};
const CARD: Card = {
  card_id: "K-1-1",
  account_id: "A-1",
  kind: "physical",
  last_four: "1234",
  status: "active",
  pin_blocked: false,
  expires: "2027-01",
  arrives_on: null,
};
const TRANSFER: Payment = {
  payment_id: "P-1-001",
  account_id: "A-1",
  kind: "transfer",
  counterparty: "Ana Prado",
  amount_cents: 2_000,
  fee_cents: 50,
  status: "pending",
  reason: null,
  made_on: "2026-03-10",
  disputed: false,
};

/** A desk of a bank with one customer. */
function openDesk({
  account = {},
  card = {},
  payment = {},
}: {
  account?: Partial<Account>;
  card?: Partial<Card>;
  payment?: Partial<Payment>;
} = {}) {
  const customer = { customer_id: "C-1", name: "Ada", email: "a@b.c", country: "DE", security_word: "Harbour", accounts: ["A-1"] };
  const desk = openMemoryDesk(bankingTools, [
    { kind: "customers", id: "C-1", owner: null, document: customer },
    { kind: "accounts", id: "A-1", owner: "C-1", document: { ...ACCOUNT, ...account } },
    { kind: "cards", id: "K-1-1", owner: "A-1", document: { ...CARD, ...card } },
    { kind: "payments", id: "P-1-001", owner: "A-1", document: { ...TRANSFER, ...payment } },
    { kind: "articles", id: "age_limit", owner: null, document: { topic: "age_limit", text: "From 18 on." } },
  ]);
  return {
    left: desk.left,
    call: async (name: string, given: Record<string, unknown>) => (await desk.call({ name, arguments: given })).output,
  };
}

test("the security word identifies the customer, and is never revealed", async () => {
  const output = await openDesk().call("confirm_identity", { customer_id: "C-1", security_word: "harbour" });
  expect(JSON.parse(output)).toMatchObject({ customer_id: "C-1", accounts: ["A-1"] });
  expect(output.toLowerCase()).not.toContain("harbour");
});

test("a wrong security word and an unknown customer get the same answer", async () => {
  const wrong = await openDesk().call("confirm_identity", { customer_id: "C-1", security_word: "hill" });
  expect(wrong).toMatch(/^Error: /);
  expect(await openDesk().call("confirm_identity", { customer_id: "C-2", security_word: "hill" })).toBe(wrong);
});

test.each([
  ["over the balance", 10_001, { daily_limit_cents: 90_000 }, "does not cover €100.01"],
  ["over the day's limit", 7_001, {}, "limit of €80.00"],
  ["from a blocked account", 1, { status: "blocked" as const }, "blocked"],
])("a transfer %s is refused, and nothing is left behind", async (_why, amount_cents, account, named) => {
  const desk = openDesk({ account });
  expect(await desk.call("make_transfer", { account_id: "A-1", payee: "Ben", amount_cents })).toContain(named);
  expect(desk.left.size).toBe(0);
});

test("a transfer up to the daily limit creates a payment and lowers the balance", async () => {
  const desk = openDesk();
  await desk.call("make_transfer", { account_id: "A-1", payee: "Ben", amount_cents: 7_000 });
  expect(desk.left.get("accounts/A-1")).toMatchObject({ balance_cents: 3_000, sent_today_cents: 8_000 });
  expect(desk.left.get("payments/P-1-002")).toMatchObject({ amount_cents: 7_000, counterparty: "Ben", status: "pending" });
});

test("a pending transfer is cancelled, and the money is back with its fee", async () => {
  const desk = openDesk();
  await desk.call("cancel_transfer", { payment_id: "P-1-001" });
  expect(desk.left.get("payments/P-1-001")).toMatchObject({ status: "cancelled" });
  expect(desk.left.get("accounts/A-1")).toMatchObject({ balance_cents: 12_050 });
});

test.each([
  ["cancel_transfer", { payment_id: "P-1-001" }, { payment: { status: "completed" as const } }, "the transfer is completed"],
  ["cancel_transfer", { payment_id: "P-1-001" }, { payment: { kind: "card" as const } }, "transfer not found"],
  ["dispute_payment", { payment_id: "P-1-001", reason: "not_recognised" }, { payment: { disputed: true } }, "disputed already"],
  ["dispute_payment", { payment_id: "P-9", reason: "not_recognised" }, {}, "payment not found"],
  ["freeze_card", { card_id: "K-1-1", reason: "lost" }, { card: { status: "frozen" as const } }, "frozen already"],
  ["freeze_card", { card_id: "K-9", reason: "lost" }, {}, "card not found"],
  ["activate_card", { card_id: "K-1-1" }, {}, "the card is active"],
  ["unblock_pin", { card_id: "K-1-1" }, {}, "not blocked"],
  ["order_card", { account_id: "A-1", kind: "physical" }, { account: { status: "blocked" as const } }, "the account is blocked"],
  ["get_account", { account_id: "A-9" }, {}, "account not found"],
  ["get_article", { topic: "weather" }, {}, "no article"],
])("%s of %o is refused where it makes no sense", async (name, given, bank, named) => {
  const desk = openDesk(bank);
  const output = await desk.call(name, given);
  expect(output).toMatch(/^Error: /);
  expect(output).toContain(named);
  expect(desk.left.size).toBe(0);
});

test("a card is frozen, payments are marked as disputed, a PIN is unblocked, and an arrived card is activated", async () => {
  const desk = openDesk();
  await desk.call("freeze_card", { card_id: "K-1-1", reason: "lost" });
  expect(desk.left.get("cards/K-1-1")).toEqual({ ...CARD, status: "frozen" });
  await desk.call("dispute_payment", { payment_id: "P-1-001", reason: "charged_twice" });
  expect(desk.left.get("payments/P-1-001")).toEqual({ ...TRANSFER, disputed: true });

  const blocked = openDesk({ card: { pin_blocked: true } });
  await blocked.call("unblock_pin", { card_id: "K-1-1" });
  expect(blocked.left.get("cards/K-1-1")).toEqual(CARD);
  const ordered = openDesk({ card: { status: "ordered", arrives_on: "2026-03-15" } });
  await ordered.call("activate_card", { card_id: "K-1-1" });
  expect(ordered.left.get("cards/K-1-1")).toEqual(CARD);
});

test("a second physical card is ordered, a third is refused; a virtual one works at once", async () => {
  const desk = openDesk();
  await desk.call("order_card", { account_id: "A-1", kind: "physical" });
  expect(desk.left.get("cards/K-1-2")).toMatchObject({ status: "ordered", arrives_on: "2026-03-22" });
  expect(await desk.call("order_card", { account_id: "A-1", kind: "physical" })).toContain("at most 2 physical cards");
  await desk.call("order_card", { account_id: "A-1", kind: "virtual" });
  expect(desk.left.get("cards/K-1-3")).toMatchObject({ status: "active", arrives_on: null });
});

test("payments are listed by kind, the newest first", async () => {
  const desk = openDesk();
  await desk.call("make_transfer", { account_id: "A-1", payee: "Ben", amount_cents: 100 });
  const listed = JSON.parse(await desk.call("list_payments", { account_id: "A-1", kind: "transfer" })) as Payment[];
  expect(listed.map(({ payment_id }) => payment_id)).toEqual(["P-1-002", "P-1-001"]);
  expect(JSON.parse(await desk.call("list_payments", { account_id: "A-1", kind: "cash" }))).toEqual([]);
});

test.each([
  ["make_transfer", { account_id: "A-1", payee: "Ben", amount_cents: "all" }, "amount_cents"],
  ["make_transfer", { account_id: "A-1", payee: "Ben", amount_cents: -5 }, "amount_cents"],
  ["make_transfer", { account_id: "A-1", payee: "Ben" }, "amount_cents"],
  ["freeze_card", { card_id: "K-1-1", reason: "bored" }, "reason"],
  ["get_account", { account_id: "A-1", colour: "red" }, "colour"],
  ["teleport", {}, 'there is no tool "teleport"'],
])("arguments that do not fit are named: %s %o", async (name, given, named) => {
  const desk = openDesk();
  const output = await desk.call(name, given);
  expect(output).toMatch(/^Error: /);
  expect(output).toContain(named);
  expect(desk.left.size).toBe(0);
});
