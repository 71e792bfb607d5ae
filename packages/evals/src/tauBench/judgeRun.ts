import { ending } from "./ending.ts";
import { finalState } from "./finalState.ts";
import { outputs } from "./outputs.ts";
import type { ExpectedRun, FinishedRun, Judgement, RunRule } from "./runRule.ts";

/** Every rule that a finished run is judged by. */
export const runRules = [finalState, outputs, ending] as const satisfies readonly RunRule[];

/** A rule's name. */
export type RunRuleName = (typeof runRules)[number]["name"];

/** The judgement of every rule, by its name. */
export type Judgements = Readonly<Record<RunRuleName, Judgement>>;

/** The reward of a finished run by the rule of τ-bench: 1 if it passes every rule, else 0. */
export function judgeRun(run: FinishedRun, expected: ExpectedRun): { reward: 0 | 1; judgements: Judgements } {
  const judged = runRules.map((rule) => [rule.name, rule.score(run, expected)] as const);
  return {
    reward: judged.every(([, { passed }]) => passed) ? 1 : 0,
    judgements: Object.fromEntries(judged) as Record<RunRuleName, Judgement>,
  };
}
