import { AppError, issuesText, type ScorerChoice } from "@signalbox/model";
import { z } from "zod";
import { rubricInstruction } from "../scorers/judge/judge.ts";
import { decisionInstruction } from "../scorers/judgeDecision/judgeDecision.ts";
import { pairwiseInstruction } from "../scorers/judgePairwise/judgePairwise.ts";
import { judgeIdOf } from "./consult.ts";
import { DecisionJudge, PairwiseJudge, RubricJudge } from "./judgeDefinition.ts";

/** The scorer of each kind of judge, by the `kind` in its file. */
const SCORER_OF = { rubric: "judge", pairwise: "judge_pairwise", decision: "judge_decision" } as const;

const JudgeFile = z.looseObject({
  kind: z.enum(["rubric", "pairwise", "decision"]).default("rubric"),
  name: z.string().min(1).max(60).exactOptional(),
});

/**
 * A judge from its file: `kind` and `name`, then its options. Throws `invalid_input`
 * for anything else; the options are validated like those of every other scorer.
 */
export function judgeChoice(given: unknown): ScorerChoice {
  const file = JudgeFile.safeParse(given);
  if (!file.success) throw new AppError("invalid_input", `That is no judge: ${issuesText(file.error)}`);
  const { kind, name, ...options } = file.data;
  return { name: SCORER_OF[kind], options, ...(name === undefined ? {} : { as: name }) };
}

const ID_OF: Readonly<Record<string, (options: unknown) => string>> = {
  judge: (options) => judgeIdOf(rubricInstruction(RubricJudge.parse(options))),
  judge_pairwise: (options) => judgeIdOf(pairwiseInstruction(PairwiseJudge.parse(options))),
  judge_decision: (options) => judgeIdOf(decisionInstruction(DecisionJudge.parse(options))),
};

/** The judge's id of a scorer, null for a scorer that asks no model. */
export function judgeIdOfChoice({ name, options }: ScorerChoice): string | null {
  return ID_OF[name]?.(options) ?? null;
}
