import { canonicalHash, estimateCostUsd, issuesText, type JudgeUse, priceOf } from "@signalbox/model";
import { z } from "zod";
import { type ItemScore, noScore } from "../scorers/scorer.ts";
import { excerptOf } from "../scorers/textOf.ts";
import type { Ask, JudgeAnswer, JudgeQuestion } from "./ask.ts";
import type { Shown } from "./shown.ts";
import { unfinished } from "./unfinished.ts";

/**
 * A judge's instruction, apart from the case to judge, and how its answers become a score (`worth`: a threshold,
 * the values of options). All of it affects the scores and so is part of the judge's id; undefined members are not.
 */
export interface Instruction<Said> {
  readonly model: string;
  readonly system: string;
  readonly answer: z.ZodType<Said>;
  readonly temperature: number | undefined;
  readonly repeats: number;
  readonly worth?: Readonly<Record<string, unknown>>;
}

/** How often a question is asked; a model that violates the schema is told so. */
const TRIES_MAX = 2;

const ID_DIGITS = 16;

/** The latest list price applies: judges are asked now. */
const TODAY = Number.MAX_SAFE_INTEGER;

const schemaOf = ({ answer }: Pick<Instruction<unknown>, "answer">): Record<string, unknown> => {
  const { $schema: _, ...schema } = z.toJSONSchema(answer) as Record<string, unknown>;
  return schema;
};

/** The id of a judge. */
export function judgeIdOf(instruction: Instruction<unknown>): string {
  const { model, system, temperature = null, repeats, worth = {} } = instruction;
  return canonicalHash({ model, system, temperature, repeats, schema: schemaOf(instruction), ...worth }).slice(0, ID_DIGITS);
}

/** A judge's answers to the questions, in order, or why there is no usable one. */
export type Consultation<Said> = { readonly said: readonly Said[]; readonly use: Omit<JudgeUse, "agreement"> } & (
  | { readonly kind: "said" }
  | { readonly kind: "failed"; readonly reason: string }
);

function useOf(id: string, model: string, answers: readonly JudgeAnswer[], questions: readonly Shown[]): Omit<JudgeUse, "agreement"> {
  const sum = (read: (answer: JudgeAnswer) => number): number => answers.reduce((total, answer) => total + read(answer), 0);
  const costs = answers.map(({ model, inputTokens, outputTokens }) => {
    const price = priceOf(model, TODAY);
    return price === null ? null : estimateCostUsd({ input: inputTokens, output: outputTokens, cached: null, cacheWrite: null }, price);
  });
  return {
    ...{ id, model: answers.at(-1)?.model ?? model, asked: answers.length },
    leftOutBytes: Math.max(0, ...questions.map(({ leftOutBytes }) => leftOutBytes)),
    inputTokens: sum(({ inputTokens }) => inputTokens),
    outputTokens: sum(({ outputTokens }) => outputTokens),
    costUsd: costs.every((cost) => cost !== null) ? costs.reduce((total, cost) => total + cost, 0) : null,
  };
}

function read<Said>(answer: z.ZodType<Said>, text: string): { said: Said } | { wrong: string } {
  try {
    const parsed = answer.safeParse(JSON.parse(text));
    return parsed.success ? { said: parsed.data } : { wrong: issuesText(parsed.error) };
  } catch {
    return { wrong: `it is no JSON: ${excerptOf(text)}` };
  }
}

/** The most questions of a consultation that are pending at once. */
const ASKED_AT_ONCE = 4;

/**
 * Puts each question to a judge, some in parallel. An answer that still violates the schema ends the consultation: no other
 * question is asked, and no guess is made. Throws as `Ask` does, once all pending answers have arrived (`usedBefore`).
 */
export async function consult<Said>(ask: Ask, instruction: Instruction<Said>, questions: readonly Shown[]): Promise<Consultation<Said>> {
  const { model, system, answer, temperature } = instruction;
  const question: Omit<JudgeQuestion, "user"> = {
    ...{ model, system, schema: schemaOf(instruction) },
    ...(temperature === undefined ? {} : { temperature }),
  };
  const answers: JudgeAnswer[] = [];
  const put = async ({ text }: Shown): Promise<{ said: Said } | { wrong: string }> => {
    let outcome: { said: Said } | { wrong: string } | null = null;
    for (let tries = 0; tries < TRIES_MAX && (outcome === null || "wrong" in outcome); tries += 1) {
      const again = outcome === null ? "" : `\n\nYour answer before this one could not be used: ${outcome.wrong}`;
      const given = await ask({ ...question, user: text + again });
      answers.push(given);
      outcome = read(answer, given.text);
    }
    return outcome ?? { wrong: "it was not asked" };
  };
  const said: Said[] = [];
  const failures: unknown[] = [];
  let wrong: string | null = null;
  const left = questions.entries();
  const worker = async (): Promise<void> => {
    for (const [index, one] of left) {
      try {
        const outcome = await put(one);
        if ("said" in outcome) said[index] = outcome.said;
        else wrong ??= outcome.wrong;
      } catch (error) {
        failures.push(error);
      }
      if (wrong !== null || failures.length > 0) return;
    }
  };
  await Promise.all(Array.from({ length: Math.min(ASKED_AT_ONCE, questions.length) }, worker));
  const use = useOf(judgeIdOf(instruction), model, answers, questions);
  if (failures.length > 0) throw unfinished(failures[0], answers.length === 0 ? [] : [{ ...use, agreement: null }]);
  if (wrong === null) return { kind: "said", said, use };
  return { kind: "failed", said: Object.values(said), reason: `the judge answered outside its schema ${TRIES_MAX} times: ${wrong}`, use };
}

/** The share of equal pairs among `verdicts`; null for fewer than two. */
export function agreementOf(verdicts: readonly unknown[]): number | null {
  const pairs = (verdicts.length * (verdicts.length - 1)) / 2;
  if (pairs === 0) return null;
  const counts = Map.groupBy(verdicts, (verdict) => verdict).values();
  return counts.reduce((same, { length }) => same + (length * (length - 1)) / 2, 0) / pairs;
}

/** The score of a judge without a usable answer: a failure with the reason, and a 0 that is not a judgement. */
export function failedScore({ reason, use }: Consultation<unknown> & { kind: "failed" }): ItemScore {
  return { ...noScore(reason), judge: { ...use, agreement: null } };
}
