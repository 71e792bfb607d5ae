import type { ScorerChoice } from "@signalbox/model";
import { z } from "zod";
import { defineScorer, passOrFail } from "../scorer.ts";
import { excerptOf } from "../textOf.ts";

const NAME = "classification";

const Options = z.strictObject({ field: z.string().min(1).max(100).optional() });

/** The class that a value names: a text without surrounding white space, or the text in a field of an object; null where there is none. */
function classOf(value: unknown, field: string | undefined): string | null {
  const named = field !== undefined && typeof value === "object" && value !== null ? (value as Record<string, unknown>)[field] : value;
  return typeof named === "string" && named.trim() !== "" ? named.trim() : null;
}

/** Passes an answer that names the expected class. Its runs get a report: accuracy, macro F1 and the confusion matrix. */
export const classification = defineScorer({
  name: NAME,
  summary: 'the answer names the expected class, and a report says which was taken for which; {"field"}: where an object names it',
  needs: "expectedOutput",
  options: Options,
  make:
    ({ field }) =>
    (item, answer) => {
      const [expected, given] = [classOf(item.expectedOutput, field), classOf(answer.output, field)];
      if (expected === null) return passOrFail(false, `no class is expected, but ${excerptOf(item.expectedOutput)}`);
      return passOrFail(given === expected, `expected ${excerptOf(expected)}, got ${excerptOf(given ?? answer.output)}`);
    },
});

/** The scorers of a run with a classification report: the names of their scores, and the field with the class (null: the value itself). */
export function classificationChoices(choices: readonly ScorerChoice[]): { name: string; field: string | null }[] {
  return choices
    .filter(({ name }) => name === NAME)
    .map(({ name, as, options }) => ({ name: as ?? name, field: Options.parse(options).field ?? null }));
}
