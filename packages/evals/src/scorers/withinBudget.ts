import { type ItemScore, passOrFail } from "./scorer.ts";

/** Whether a target stayed within a budget; an unknown amount exceeds it, since nobody can tell. `unit` follows the amounts: " ms". */
export function withinBudget(amount: number | null, max: number, unit: string): ItemScore {
  if (amount === null) return passOrFail(false, "the target did not say how much it used");
  return passOrFail(amount <= max, `${amount}${unit}, ${max}${unit} are allowed`);
}
