import type { Script } from "../../scenario.ts";
import { type Card, TODAY } from "../documents.ts";
import { action, HAND_OVER, introduce, type Owner, pickOwner, type Scenario, type Stage } from "./scenario.ts";

/** The owner's active physical card; everyone has one. */
function plasticOf({ cards }: Owner): Card {
  const card = cards.find(({ kind, status }) => kind === "physical" && status === "active");
  if (card === undefined) throw new RangeError("there is no card");
  return card;
}

function lose(stage: Stage): Script {
  const owner = pickOwner(stage);
  const { customer, account } = owner;
  const { card_id, last_four } = plasticOf(owner);
  const [story, reason] = stage.random.pick([
    [`I lost my card ending ${last_four} on the train.`, "lost"],
    [`My card ending in ${last_four} was stolen!`, "stolen"],
    [`A machine swallowed my card ending ${last_four}.`, "swallowed"],
    [`I think that somebody else is using my card ending ${last_four}.`, "compromised"],
  ] as const);
  const freeze = action("freeze_card", { card_id, reason });
  const order = action("order_card", { account_id: account.account_id, kind: "physical" });
  const expectation =
    account.status === "blocked"
      ? { actions: [freeze, HAND_OVER], outputs: [] }
      : { actions: [freeze, order], outputs: [`ending ${last_four} is frozen`] };
  return { message: `${story} ${introduce(stage, customer)}`, user: customer.customer_id, expectation };
}

function loseUnderAnotherName(stage: Stage): Script {
  const owner = pickOwner(stage);
  const { customer } = owner;
  const message = `I lost my card ending ${plasticOf(owner).last_four}. ${introduce(stage, customer, "password")}`;
  return { message, user: customer.customer_id, expectation: { actions: [], outputs: ["cannot confirm"] } };
}

function unblock(stage: Stage): Script {
  const owner = pickOwner(stage, ({ cards }) => cards.filter(({ pin_blocked }) => pin_blocked).length === 1);
  const { customer } = owner;
  const { card_id, last_four } = plasticOf(owner);
  const message = `I entered the wrong PIN too often, can you unblock it? ${introduce(stage, customer)}`;
  return {
    message,
    user: customer.customer_id,
    expectation: { actions: [action("unblock_pin", { card_id })], outputs: [`ending ${last_four}`] },
  };
}

/** The owner's card that is on its way, if any. */
const orderedBy = ({ cards }: Owner): Card | undefined => cards.find(({ status }) => status === "ordered");

function waitFor(stage: Stage): Script {
  const owner = pickOwner(stage, (one) => orderedBy(one) !== undefined);
  const { customer } = owner;
  const arrives = orderedBy(owner)?.arrives_on ?? "";
  const message = `${stage.random.pick(["My new card has still not arrived.", "When will my new card arrive?"])} ${introduce(stage, customer)}`;
  const expectation = arrives < TODAY ? { actions: [HAND_OVER], outputs: [] } : { actions: [], outputs: [arrives] };
  return { message, user: customer.customer_id, expectation };
}

function activate(stage: Stage): Script {
  const owner = pickOwner(stage, (one) => orderedBy(one) !== undefined);
  const { customer } = owner;
  const card = orderedBy(owner);
  const message = `My new card is here, please activate it. ${introduce(stage, customer)}`;
  return {
    message,
    user: customer.customer_id,
    expectation: { actions: [action("activate_card", { card_id: card?.card_id })], outputs: [`ending ${card?.last_four} is active`] },
  };
}

function orderVirtual(stage: Stage): Script {
  const { customer, account } = pickOwner(stage, (one) => one.account.status === "open");
  const message = `I would like a virtual card for the web. ${introduce(stage, customer)}`;
  const order = action("order_card", { account_id: account.account_id, kind: "virtual" });
  return { message, user: customer.customer_id, expectation: { actions: [order], outputs: ["works at once"] } };
}

function orderThirdCard(stage: Stage): Script {
  const { customer } = pickOwner(stage, ({ cards }) => cards.filter(({ kind }) => kind === "physical").length === 2);
  const message = `I need another card for my partner. ${introduce(stage, customer)}`;
  return { message, user: customer.customer_id, expectation: { actions: [], outputs: ["at most 2 physical cards"] } };
}

/** Tasks about cards. */
export const CARD_SCENARIOS: readonly Scenario[] = [
  { name: "Report a card that is lost", weight: 4, write: lose },
  { name: "Report a lost card without the right security word", weight: 1, write: loseUnderAnotherName },
  { name: "Unblock a PIN", weight: 2, write: unblock },
  { name: "Ask where a card is", weight: 2, write: waitFor },
  { name: "Activate a card", weight: 1, write: activate },
  { name: "Order a virtual card", weight: 2, write: orderVirtual },
  { name: "Order one card too many", weight: 1, write: orderThirdCard },
];
