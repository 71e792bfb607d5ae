import { z } from "zod";
import { Account, Article, Card, Customer, Payment } from "../documents.ts";

/** A tool's output as a document; null when the tool refused. */
function readOutput<Schema extends z.ZodType>(schema: Schema, output: string): z.output<Schema> | null {
  return output.startsWith("Error: ") ? null : schema.parse(JSON.parse(output));
}

/** A customer as tools return it. */
const ToldCustomer = Customer.omit({ security_word: true });
export type ToldCustomer = z.infer<typeof ToldCustomer>;

export const readCustomer = (output: string): ToldCustomer | null => readOutput(ToldCustomer, output);
export const readAccount = (output: string): Account | null => readOutput(Account, output);
export const readCard = (output: string): Card | null => readOutput(Card, output);
export const readCards = (output: string): Card[] => readOutput(z.array(Card), output) ?? [];
export const readPayment = (output: string): Payment | null => readOutput(Payment, output);
export const readPayments = (output: string): Payment[] => readOutput(z.array(Payment), output) ?? [];
export const readArticle = (output: string): Article | null => readOutput(Article, output);
