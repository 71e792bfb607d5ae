import { z } from "zod";
import { defineScorer } from "../scorer.ts";
import { withinBudget } from "../withinBudget.ts";

/** Passes an answer that came in time. */
export const latency = defineScorer({
  name: "latency",
  summary: "the answer came within `maxMs` milliseconds",
  needs: null,
  options: z.strictObject({ maxMs: z.number().positive() }),
  make:
    ({ maxMs }) =>
    (_item, answer) =>
      withinBudget(Math.round(answer.latencyMs), maxMs, " ms"),
});
