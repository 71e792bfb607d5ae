import { z } from "zod";
import { defineScorer } from "../scorer.ts";
import { withinBudget } from "../withinBudget.ts";

/** Passes an answer that cost no more than allowed. */
export const cost = defineScorer({
  name: "cost",
  summary: "the answer cost at most `maxUsd` US dollars",
  needs: null,
  options: z.strictObject({ maxUsd: z.number().positive() }),
  make:
    ({ maxUsd }) =>
    (_item, answer) =>
      withinBudget(answer.costUsd, maxUsd, " USD"),
});
