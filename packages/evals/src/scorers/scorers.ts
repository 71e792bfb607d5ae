import { AppError, issuesText, nearestName, type ScorerChoice } from "@signalbox/model";
import { z } from "zod";
import type { FindEmbed } from "../embeddings/embed.ts";
import type { FindAsk } from "../judges/ask.ts";
import { bleu } from "./bleu/bleu.ts";
import { classification } from "./classification/classification.ts";
import { contains } from "./contains/contains.ts";
import { cost } from "./cost/cost.ts";
import { embedding } from "./embedding/embedding.ts";
import { exact } from "./exact/exact.ts";
import { finalState } from "./finalState/finalState.ts";
import { forbidden } from "./forbidden/forbidden.ts";
import { jsonDiff } from "./jsonDiff/jsonDiff.ts";
import { jsonSchema } from "./jsonSchema/jsonSchema.ts";
import { judge } from "./judge/judge.ts";
import { judgeDecision } from "./judgeDecision/judgeDecision.ts";
import { judgePairwise } from "./judgePairwise/judgePairwise.ts";
import { latency } from "./latency/latency.ts";
import { leaksNothing } from "./leaksNothing/leaksNothing.ts";
import { levenshtein } from "./levenshtein/levenshtein.ts";
import { normalised } from "./normalised/normalised.ts";
import { numeric } from "./numeric/numeric.ts";
import { regex } from "./regex/regex.ts";
import { ndcg, recallAtK } from "./retrieval/retrieval.ts";
import { reward } from "./reward/reward.ts";
import { rouge } from "./rouge/rouge.ts";
import type { Need, Score, Scorer } from "./scorer.ts";
import { tokenF1 } from "./tokenF1/tokenF1.ts";
import { tokens } from "./tokens/tokens.ts";
import { trajectory } from "./trajectory/trajectory.ts";

/** Every scorer that can be named. */
export const SCORERS: readonly Scorer[] = [
  exact,
  normalised,
  numeric,
  classification,
  contains,
  regex,
  forbidden,
  leaksNothing,
  levenshtein,
  tokenF1,
  rouge,
  bleu,
  embedding,
  jsonSchema,
  jsonDiff,
  recallAtK,
  ndcg,
  trajectory,
  finalState,
  reward,
  latency,
  cost,
  tokens,
  judge,
  judgePairwise,
  judgeDecision,
];

/** A scorer that is ready to use; `name` is the name of its scores. */
export interface ReadyScorer {
  readonly name: string;
  readonly needs: Need | null;
  readonly score: Score;
}

function readOne({ name, as, options }: ScorerChoice, findAsk?: FindAsk, findEmbed?: FindEmbed): ReadyScorer {
  const scorer = SCORERS.find((one) => one.name === name);
  if (scorer === undefined) {
    const names = SCORERS.map((one) => one.name);
    throw new AppError("invalid_input", `There is no scorer named ${name}.`, {
      hint: `Did you mean ${nearestName(name, names)}? There are ${names.join(", ")}.`,
    });
  }
  try {
    return { name: as ?? name, needs: scorer.needs, score: scorer.make(options, findAsk, findEmbed) };
  } catch (cause) {
    if (!(cause instanceof z.ZodError)) throw cause;
    throw new AppError("invalid_input", `The scorer ${name} cannot be told that: ${issuesText(cause)}`, {
      cause,
      hint: `It is ${scorer.summary}.`,
    });
  }
}

/**
 * Readies the requested scorers; those that ask a model find it with `findAsk`, one for vectors with
 * `findEmbed`. Throws `invalid_input` for an unknown one, invalid options, and two of the same name.
 */
export function readScorers(choices: readonly ScorerChoice[], findAsk?: FindAsk, findEmbed?: FindEmbed): ReadyScorer[] {
  const ready = choices.map((choice) => readOne(choice, findAsk, findEmbed));
  const twice = ready.find(({ name }, index) => ready.findIndex((one) => one.name === name) !== index);
  if (twice !== undefined)
    throw new AppError("invalid_input", `Two scorers of this run are called ${twice.name}.`, {
      hint: 'Give one another name: {"as": "…"}.',
    });
  return ready;
}
