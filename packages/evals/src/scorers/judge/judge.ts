import { z } from "zod";
import { agreementOf, consult, failedScore, type Instruction } from "../../judges/consult.ts";
import { RubricJudge } from "../../judges/judgeDefinition.ts";
import { SHOWN, type Shown, shownAnswer } from "../../judges/shown.ts";
import { defineScorer } from "../scorer.ts";

/** The instruction of a judge of one answer. */
export function rubricInstruction({
  model,
  rubric,
  scale,
  temperature,
  repeats,
  passAt,
}: RubricJudge): Instruction<{ reasoning: string; grade: number }> {
  const system = `You grade the answer that an agent gave to an input, from ${scale.min} (worst) to ${scale.max} (best), by this rubric:\n\n${rubric}\n\n${SHOWN} Give your reasoning in a sentence or two, then the grade.`;
  const answer = z.strictObject({ reasoning: z.string(), grade: z.number().min(scale.min).max(scale.max) });
  return { model, system, answer, temperature, repeats, worth: { passAt } };
}

/** Grades an answer by a rubric, with a language model. The score is the mean grade, from 0 (the scale's minimum) to 1. */
export const judge = defineScorer({
  name: "judge",
  summary: "a language model's grade by `rubric`, on `scale`; options in a file: judge:FILE",
  needs: null,
  options: RubricJudge,
  make: (definition, findAsk) => {
    const { scale, passAt, repeats, endpoint } = definition;
    const ask = findAsk(endpoint);
    const instruction = rubricInstruction(definition);
    return async (item, answer) => {
      const question = shownAnswer(item.input, answer);
      const consultation = await consult(ask, instruction, Array<Shown>(repeats).fill(question));
      if (consultation.kind === "failed") return failedScore(consultation);
      const { said, use } = consultation;
      const grades = said.map(({ grade }) => grade);
      const mean = grades.reduce((sum, grade) => sum + grade, 0) / grades.length;
      return {
        value: (mean - scale.min) / (scale.max - scale.min),
        passed: passAt === undefined ? null : mean >= passAt,
        explanation: `${grades.join(", ")} of ${scale.max}: ${said[0]?.reasoning ?? ""}`,
        judge: { ...use, agreement: agreementOf(grades) },
      };
    };
  },
});
