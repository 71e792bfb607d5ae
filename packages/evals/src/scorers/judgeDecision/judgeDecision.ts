import { z } from "zod";
import { agreementOf, consult, failedScore, type Instruction } from "../../judges/consult.ts";
import { DecisionJudge } from "../../judges/judgeDefinition.ts";
import { SHOWN, type Shown, shownAnswer } from "../../judges/shown.ts";
import { defineScorer } from "../scorer.ts";

type Probabilities = { probabilities: Record<string, number> };

/** The tolerated deviation of the sum of probabilities from 1: models round. */
const SUM_ERROR_MAX = 0.02;

/** The instruction of a model that decides. */
export function decisionInstruction({ model, question, options, temperature, repeats, passAt }: DecisionJudge): Instruction<Probabilities> {
  const choices = options.map(({ name, means }) => `- ${name}${means === "" ? "" : `: ${means}`}`).join("\n");
  const system = `You decide a question about the answer that an agent gave to an input.\n\nQuestion: ${question}\n\nOptions:\n${choices}\n\n${SHOWN} Say how probable each option is; the probabilities add up to 1.`;
  const each = Object.fromEntries(options.map(({ name }) => [name, z.number().min(0).max(1)]));
  const answer = z.strictObject({
    probabilities: z
      .strictObject(each)
      .refine((given) => Math.abs(sumOf(Object.values(given)) - 1) <= SUM_ERROR_MAX, "the probabilities do not add up to 1"),
  });
  return { model, system, answer, temperature, repeats, worth: { passAt, values: options.map(({ value }) => value) } };
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/** Lets a model decide a question with given options: the score is the mean of their values, weighted by the probabilities it states. */
export const judgeDecision = defineScorer({
  name: "judge_decision",
  summary: "a model's probabilities for the `options` of a `question`, each with a value; options in a file: judge:FILE",
  needs: null,
  options: DecisionJudge,
  make: (definition, findAsk) => {
    const { options, passAt, repeats, endpoint } = definition;
    const ask = findAsk(endpoint);
    const instruction = decisionInstruction(definition);
    return async (item, answer) => {
      const consultation = await consult(ask, instruction, Array<Shown>(repeats).fill(shownAnswer(item.input, answer)));
      if (consultation.kind === "failed") return failedScore(consultation);
      const { said, use } = consultation;
      const total = sumOf(said.flatMap(({ probabilities }) => Object.values(probabilities)));
      const shares = options.map(({ name, value }) => ({
        ...{ name, value },
        share: sumOf(said.map(({ probabilities }) => probabilities[name] ?? 0)) / total,
      }));
      const value = sumOf(shares.map(({ value, share }) => value * share));
      const choices = said.map(({ probabilities }) => Object.entries(probabilities).toSorted((one, other) => other[1] - one[1])[0]?.[0]);
      return {
        value,
        passed: passAt === undefined ? null : value >= passAt,
        explanation: shares.map(({ name, share }) => `${name} ${Math.round(share * 100)} %`).join(", "),
        judge: { ...use, agreement: agreementOf(choices) },
      };
    };
  },
});
