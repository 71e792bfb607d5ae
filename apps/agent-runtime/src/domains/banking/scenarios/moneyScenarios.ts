import type { Script } from "../../scenario.ts";
import { euros, type Payment, type PaymentKind } from "../documents.ts";
import { action, HAND_OVER, introduce, newestFirst, type Owner, pickOwner, type Scenario, type Stage } from "./scenario.ts";

const PAYEES = ["Elif Aydin", "Franz Huber", "Greta Olsen"];

function send(stage: Stage): Script {
  const { customer, account } = pickOwner(stage);
  const { balance_cents, daily_limit_cents, sent_today_cents, status, account_id } = account;
  const payee = stage.random.pick(PAYEES);
  const amount_cents = stage.random.integer(10, 2_500) * 100;
  const message = `Please send ${euros(amount_cents)} to ${payee}. ${introduce(stage, customer)}`;
  const isRefused = status === "blocked" || amount_cents > balance_cents || amount_cents + sent_today_cents > daily_limit_cents;
  const expectation = isRefused
    ? { actions: [], outputs: ["I cannot send that"] }
    : { actions: [action("make_transfer", { account_id, payee, amount_cents })], outputs: [euros(amount_cents)] };
  return { message, user: customer.customer_id, expectation };
}

function takeBack(stage: Stage): Script {
  const owner = pickOwner(stage, (one) => newestFirst(one, "transfer").length > 0);
  const { customer } = owner;
  const payee = stage.random.pick(newestFirst(owner, "transfer")).counterparty;
  const transfers = newestFirst(owner, "transfer", payee);
  const pending = transfers.find(({ status }) => status === "pending");
  const message = `Please cancel my transfer to ${payee}. ${introduce(stage, customer)}`;
  const user = customer.customer_id;
  if (pending !== undefined) {
    const cancel = action("cancel_transfer", { payment_id: pending.payment_id });
    return { message, user, expectation: { actions: [cancel], outputs: [euros(pending.amount_cents), "is cancelled"] } };
  }
  const hasArrived = transfers[0]?.status === "completed";
  return { message, user, expectation: hasArrived ? { actions: [HAND_OVER], outputs: [] } : { actions: [], outputs: ["nothing left"] } };
}

/** The newest payment of a kind that was not simply completed. */
const troubleOf = (owner: Owner, kind: PaymentKind): Payment | undefined =>
  newestFirst(owner, kind).find(({ status }) => status !== "completed");

/** Writes questions about a payment's status; a payment that failed for no known reason goes to a person. */
function askAbout(kind: PaymentKind, stories: readonly string[]): Scenario["write"] {
  return (stage) => {
    const owner = pickOwner(stage, (one) => troubleOf(one, kind) !== undefined);
    const { customer } = owner;
    const payment = troubleOf(owner, kind);
    const message = `${stage.random.pick(stories)} ${introduce(stage, customer)}`;
    const told = payment?.status === "pending" ? "still pending" : payment?.reason;
    const expectation =
      payment === undefined || typeof told !== "string"
        ? { actions: [HAND_OVER], outputs: [] }
        : { actions: [], outputs: [euros(payment.amount_cents), told] };
    return { message, user: customer.customer_id, expectation };
  };
}

function doNotRecognise(stage: Stage): Script {
  const owner = pickOwner(stage, (one) => newestFirst(one, "card").length > 0);
  const { customer } = owner;
  const { counterparty } = stage.random.pick(newestFirst(owner, "card"));
  const [payment] = newestFirst(owner, "card", counterparty);
  const message = `I do not recognise a card payment at ${counterparty}. ${introduce(stage, customer)}`;
  const dispute = action("dispute_payment", { payment_id: payment?.payment_id, reason: "not_recognised" });
  return {
    message,
    user: customer.customer_id,
    expectation: { actions: [dispute], outputs: [euros(payment?.amount_cents ?? 0), "dispute"] },
  };
}

/** The newer of two equal card payments. */
function twinOf(owner: Owner): Payment | undefined {
  const payments = newestFirst(owner, "card");
  const alike = (one: Payment, other: Payment): boolean =>
    one.counterparty === other.counterparty && one.amount_cents === other.amount_cents && one.made_on === other.made_on;
  return payments.find((payment, index) => payments.slice(index + 1).some((other) => alike(payment, other)));
}

function payTwice(stage: Stage): Script {
  const owner = pickOwner(stage, (one) => newestFirst(one, "card").length > 0);
  const { customer } = owner;
  const twin = twinOf(owner);
  const message = `I was charged twice for the same thing. ${introduce(stage, customer)}`;
  const expectation =
    twin === undefined
      ? { actions: [], outputs: ["No payment was charged twice"] }
      : {
          actions: [action("dispute_payment", { payment_id: twin.payment_id, reason: "charged_twice" })],
          outputs: [euros(twin.amount_cents)],
        };
  return { message, user: customer.customer_id, expectation };
}

/** Tasks about money. */
export const MONEY_SCENARIOS: readonly Scenario[] = [
  { name: "Send money", weight: 5, write: send },
  { name: "Take a transfer back", weight: 3, write: takeBack },
  { name: "Ask about a transfer", weight: 3, write: askAbout("transfer", ["My transfer failed, why?", "Why was my transfer declined?"]) },
  { name: "Ask about a card payment", weight: 2, write: askAbout("card", ["Why was my card payment declined?"]) },
  { name: "Ask about a withdrawal", weight: 1, write: askAbout("cash", ["My cash withdrawal was declined."]) },
  { name: "Ask about a top-up", weight: 1, write: askAbout("top_up", ["My top-up failed.", "My top up did not work."]) },
  { name: "Report an unknown card payment", weight: 2, write: doNotRecognise },
  { name: "Report a double payment", weight: 2, write: payTwice },
];
