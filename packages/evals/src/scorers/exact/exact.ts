import { canonicalJson } from "@signalbox/model";
import { defineScorer, NoOptions, passOrFail } from "../scorer.ts";
import { excerptOf } from "../textOf.ts";

/** Passes an answer that equals the expected one, of any type; the order of an object's keys does not matter. */
export const exact = defineScorer({
  name: "exact",
  summary: "the answer is the expected one",
  needs: "expectedOutput",
  options: NoOptions,
  make: () => (item, answer) =>
    passOrFail(
      canonicalJson(answer.output ?? null) === canonicalJson(item.expectedOutput),
      `expected ${excerptOf(item.expectedOutput)}, got ${excerptOf(answer.output)}`,
    ),
});
