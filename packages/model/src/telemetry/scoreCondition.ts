import { z } from "zod";

/** The comparisons of a score with a limit. */
export const SCORE_COMPARISONS = ["<", "<=", "=", ">=", ">"] as const;
export const ScoreComparison = z.enum(SCORE_COMPARISONS);
export type ScoreComparison = z.infer<typeof ScoreComparison>;

/** A condition on a score: its name, a comparison, and a limit for its value. */
export const ScoreCondition = z.strictObject({ name: z.string().min(1).max(200), comparison: ScoreComparison, limit: z.number() });
export type ScoreCondition = z.infer<typeof ScoreCondition>;

const TEXT = /^(?<name>.+?)\s*(?<comparison><=|>=|<|>|=)\s*(?<limit>-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)$/is;

/**
 * Parses a condition such as `reward<0.5`; null where it is none. A name may have any characters; the last comparison with a number counts.
 */
export function readScoreCondition(text: string): ScoreCondition | null {
  const { name, comparison, limit } = TEXT.exec(text.trim())?.groups ?? {};
  return ScoreCondition.safeParse({ name: name?.trim(), comparison, limit: Number(limit) }).data ?? null;
}

/** A condition as text; `readScoreCondition` parses it back. */
export function scoreConditionText({ name, comparison, limit }: ScoreCondition): string {
  return `${name}${comparison}${limit}`;
}
