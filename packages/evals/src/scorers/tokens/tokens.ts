import { z } from "zod";
import { defineScorer } from "../scorer.ts";
import { withinBudget } from "../withinBudget.ts";

/** Passes an answer that took no more tokens, in and out, than allowed. */
export const tokens = defineScorer({
  name: "tokens",
  summary: "the answer took at most `max` tokens, in and out",
  needs: null,
  options: z.strictObject({ max: z.number().int().positive() }),
  make:
    ({ max }) =>
    (_item, answer) =>
      withinBudget(answer.tokens, max, " tokens"),
});
