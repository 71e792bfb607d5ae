import { z } from "zod";
import { toolDefiner } from "../../documents/documentTool.ts";
import type { BankingDocuments } from "../documents.ts";

export const defineTool = toolDefiner<BankingDocuments>();

export const CUSTOMER_ID = z.string().min(1).describe("The customer's number, like C-10042.");
export const ACCOUNT_ID = z.string().min(1).describe("The account's number, like A-10042.");
export const CARD_ID = z.string().min(1).describe("A card of the account's list of cards, by its id.");
export const PAYMENT_ID = z.string().min(1).describe("A payment of the account's list of payments, by its id.");
