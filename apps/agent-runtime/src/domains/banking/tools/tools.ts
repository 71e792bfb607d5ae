import type { DocumentTool } from "../../documents/documentTool.ts";
import { activateCard } from "./activateCard.ts";
import { cancelTransfer } from "./cancelTransfer.ts";
import { confirmIdentity } from "./confirmIdentity.ts";
import { disputePayment } from "./disputePayment.ts";
import { freezeCard } from "./freezeCard.ts";
import { getAccount } from "./getAccount.ts";
import { getArticle } from "./getArticle.ts";
import { listCards } from "./listCards.ts";
import { listPayments } from "./listPayments.ts";
import { makeTransfer } from "./makeTransfer.ts";
import { orderCard } from "./orderCard.ts";
import { transferToHumanAgents } from "./transferToHumanAgents.ts";
import { unblockPin } from "./unblockPin.ts";

/** Every tool of the bank's agent. */
export const bankingTools: readonly DocumentTool[] = [
  activateCard,
  cancelTransfer,
  confirmIdentity,
  disputePayment,
  freezeCard,
  getAccount,
  getArticle,
  listCards,
  listPayments,
  makeTransfer,
  orderCard,
  transferToHumanAgents,
  unblockPin,
];
