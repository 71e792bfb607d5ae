import type { ToolRequest } from "@signalbox/model";
import type * as scenario from "../../scenario.ts";
import type { Account, Card, Customer, Payment, PaymentKind } from "../documents.ts";
import type { BankingData } from "../world/demoWorld.ts";

/** The material of the bank's scenarios. */
export type Stage = scenario.Stage<BankingData>;

/** A kind of task of the bank's demo. */
export type Scenario = scenario.Scenario<BankingData>;

/** A customer with their account, cards and payments (oldest first). */
export type Owner = { customer: Customer; account: Account; cards: Card[]; payments: Payment[] };

/** Picks a customer that `fits`; the demo's data has some for every scenario. */
export function pickOwner({ data, random }: Stage, fits: (owner: Owner) => boolean = () => true): Owner {
  const owners = Object.values(data.customers).flatMap((customer) => {
    const account = data.accounts[customer.accounts[0] ?? ""];
    if (account === undefined) return [];
    const isTheirs = ({ account_id }: { account_id: string }): boolean => account_id === account.account_id;
    const owner = {
      customer,
      account,
      cards: Object.values(data.cards).filter(isTheirs),
      payments: Object.values(data.payments).filter(isTheirs),
    };
    return fits(owner) ? [owner] : [];
  });
  return random.pick(owners);
}

/** A customer's payments of a kind, newest first. */
export function newestFirst({ payments }: Owner, kind: PaymentKind, counterparty?: string): Payment[] {
  return payments.filter((payment) => payment.kind === kind && (counterparty ?? payment.counterparty) === payment.counterparty).reverse();
}

/** A sentence by which a customer identifies themselves. */
export function introduce({ random }: Stage, { customer_id, security_word }: Customer, word = security_word): string {
  return random.pick([
    `I am ${customer_id}, my security word is ${word}.`,
    `My customer number is ${customer_id}, security word ${word}.`,
    `(${customer_id}, security word: ${word})`,
  ]);
}

/** An expected action, for an expectation. */
export function action(name: string, parameters: ToolRequest["arguments"]): ToolRequest {
  return { name, arguments: parameters };
}

export const HAND_OVER: ToolRequest = action("transfer_to_human_agents", { summary: "" });
