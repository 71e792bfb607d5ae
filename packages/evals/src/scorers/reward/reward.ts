import { defineScorer, NoOptions, passOrFail } from "../scorer.ts";

/**
 * Passes a task of the reference agent that the controller rewarded: it ran
 * the expected actions on a pristine world and compared the final states.
 */
export const reward = defineScorer({
  name: "reward",
  summary: "the task left the world as its expected actions leave it, and said what it should (τ-bench; a target that is our agent)",
  needs: null,
  options: NoOptions,
  make: () => (_item, answer) =>
    answer.reward === null
      ? passOrFail(false, "nobody looked at the state that the target left")
      : passOrFail(answer.reward.value === 1, answer.reward.reason),
});
