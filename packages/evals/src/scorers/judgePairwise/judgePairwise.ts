import { z } from "zod";
import { agreementOf, consult, failedScore, type Instruction } from "../../judges/consult.ts";
import { PairwiseJudge } from "../../judges/judgeDefinition.ts";
import { SHOWN, type Shown, shown } from "../../judges/shown.ts";
import { defineScorer } from "../scorer.ts";

/** The win of an answer, by its position and the one judged better. */
const WON = { 1: { first: 1, second: 0, tie: 0.5 }, 2: { first: 0, second: 1, tie: 0.5 } } as const;

/** The instruction of a judge of two answers. */
export function pairwiseInstruction({
  model,
  rubric,
  temperature,
  repeats,
}: PairwiseJudge): Instruction<{ reasoning: string; better: "first" | "second" | "tie" }> {
  const system = `You compare two answers to the same input by this rubric:\n\n${rubric}\n\n${SHOWN} Say in a sentence or two how they differ, then which is better: first, second, or tie. Their order says nothing.`;
  return {
    model,
    system,
    answer: z.strictObject({ reasoning: z.string(), better: z.enum(["first", "second", "tie"]) }),
    temperature,
    repeats,
  };
}

/**
 * Compares an answer with the expected one, in both orders: 1 where it is judged
 * better in either, 0 where worse, half for a tie or a judge with position bias.
 */
export const judgePairwise = defineScorer({
  name: "judge_pairwise",
  summary: "a language model's preference by `rubric` over the expected output, asked in both orders; options in a file: judge:FILE",
  needs: "expectedOutput",
  options: PairwiseJudge,
  make: (definition, findAsk) => {
    const { repeats, endpoint } = definition;
    const ask = findAsk(endpoint);
    const instruction = pairwiseInstruction(definition);
    return async ({ input, expectedOutput }, { output }) => {
      const orders = [shown({ input, first: output, second: expectedOutput }), shown({ input, first: expectedOutput, second: output })];
      const consultation = await consult(ask, instruction, Array<Shown[]>(repeats).fill(orders).flat());
      if (consultation.kind === "failed") return failedScore(consultation);
      const { said, use } = consultation;
      const won = said.map(({ better }, index) => WON[index % 2 === 0 ? 1 : 2][better]);
      const byPlace = said.filter(({ better }, index) => index % 2 === 1 && better !== "tie" && better === said[index - 1]?.better).length;
      const swayed = byPlace === 0 ? "" : `it chose by the place in ${byPlace} of ${repeats} pairs; `;
      return {
        value: won.reduce<number>((sum, one) => sum + one, 0) / won.length,
        passed: null,
        explanation: `${swayed}${said[0]?.reasoning ?? ""}`,
        judge: { ...use, agreement: agreementOf(won) },
      };
    };
  },
});
