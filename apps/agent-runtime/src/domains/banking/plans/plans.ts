import type { Passage } from "@signalbox/model";
import type { Domain } from "../../domain.ts";
import type { Plan, Slots } from "../../plan.ts";
import { ARTICLES } from "../world/articles.ts";
import { activateCard } from "./activateCard.ts";
import { answerFromArticle } from "./answerFromArticle.ts";
import { cancelTransfer } from "./cancelTransfer.ts";
import { disputeCardPayment, disputeCash, disputeDirectDebit, disputeDouble } from "./disputePayment.ts";
import { explainCardPayment, explainCash, explainTopUp, explainTransfer } from "./explainPayment.ts";
import { makeTransfer } from "./makeTransfer.ts";
import { orderPhysicalCard, orderVirtualCard } from "./orderCard.ts";
import { secureCompromisedCard, secureLostCard, secureSwallowedCard } from "./secureCard.ts";
import { speakToHuman } from "./speakToHuman.ts";
import { trackCard } from "./trackCard.ts";
import { unblockPin } from "./unblockPin.ts";

/** The intents that each plan serves: those of BANKING77 (CC BY 4.0, PolyAI), and two of our own, make_transfer and speak_to_human. */
const BY_PLAN: readonly (readonly [(slots: Slots) => Plan, readonly string[]])[] = [
  [secureLostCard, ["lost_or_stolen_card", "lost_or_stolen_phone"]],
  [secureCompromisedCard, ["compromised_card"]],
  [secureSwallowedCard, ["card_swallowed"]],
  [orderPhysicalCard, ["order_physical_card", "get_physical_card", "getting_spare_card", "card_about_to_expire"]],
  [orderVirtualCard, ["getting_virtual_card", "get_disposable_virtual_card"]],
  [trackCard, ["card_arrival", "card_delivery_estimate"]],
  [activateCard, ["activate_my_card"]],
  [unblockPin, ["pin_blocked", "change_pin"]],
  [
    explainTransfer,
    ["failed_transfer", "declined_transfer", "pending_transfer", "transfer_not_received_by_recipient", "transfer_fee_charged"],
  ],
  [explainCardPayment, ["declined_card_payment", "pending_card_payment", "reverted_card_payment?", "card_payment_fee_charged"]],
  [explainCash, ["declined_cash_withdrawal", "pending_cash_withdrawal", "cash_withdrawal_charge"]],
  [
    explainTopUp,
    [
      ...["top_up_failed", "top_up_reverted", "pending_top_up", "top_up_by_card_charge", "top_up_by_bank_transfer_charge"],
      ...["balance_not_updated_after_bank_transfer", "balance_not_updated_after_cheque_or_cash_deposit"],
    ],
  ],
  [disputeCardPayment, ["card_payment_not_recognised"]],
  [disputeCash, ["cash_withdrawal_not_recognised"]],
  [disputeDirectDebit, ["direct_debit_payment_not_recognised"]],
  [disputeDouble, ["transaction_charged_twice"]],
  [makeTransfer, ["make_transfer"]],
  [cancelTransfer, ["cancel_transfer"]],
];

/** Intents for which no plan may decide and no article exists: they go to a person. */
const FOR_A_PERSON: readonly string[] = [
  ...["Refund_not_showing_up", "request_refund", "card_linking", "card_not_working", "contactless_not_working", "virtual_card_not_working"],
  ...["card_payment_wrong_exchange_rate", "wrong_exchange_rate_for_cash_withdrawal", "wrong_amount_of_cash_received"],
  ...["edit_personal_details", "extra_charge_on_statement", "passcode_forgotten", "terminate_account", "unable_to_verify_identity"],
  ...["verify_source_of_funds", "verify_top_up", "speak_to_human"],
];

/** The plan for each intent. */
export const PLANS: Domain["plans"] = Object.fromEntries([
  ...BY_PLAN.flatMap(([plan, intents]) => intents.map((intent) => [intent, plan])),
  ...Object.keys(ARTICLES).map((topic) => [topic, (_slots: Slots, passages: readonly Passage[]) => answerFromArticle(topic, passages)]),
  ...FOR_A_PERSON.map((intent) => [intent, (slots: Slots) => speakToHuman(slots, intent.replaceAll("_", " "))]),
]);
