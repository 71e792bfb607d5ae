import { AppError } from "@signalbox/model";
import { z } from "zod";
import { defineScorer, graded, PassAt, type ScoredItem } from "../scorer.ts";

const AtK = PassAt.extend({ k: z.number().int().positive().default(10) });

const Ids = z.array(z.union([z.string(), z.number()]).transform(String));

/** A list of ids, or of objects that have one. */
const Ranking = z.union([
  Ids,
  z.array(z.object({ id: z.union([z.string(), z.number()]).transform(String) })).transform((rows) => rows.map(({ id }) => id)),
]);

/** The relevant documents: a list of ids (gain 1 each), or gains above 0 by id. */
const Relevance = z.union([
  Ids.transform((ids) => new Map(ids.map((id) => [id, 1]))),
  z.record(z.string(), z.number().positive()).transform((gains) => new Map(Object.entries(gains))),
]);

function relevanceOf(item: ScoredItem): Map<string, number> {
  const parsed = Relevance.safeParse(item.expectedOutput);
  if (parsed.success && parsed.data.size > 0) return parsed.data;
  throw new AppError("invalid_input", `Item ${item.id} does not say which documents are relevant.`, {
    hint: "The expected output of retrieval is a list of ids, or an object of gains by id, and is not empty.",
  });
}

/** The first `k` distinct ids of an answer, in order. */
function firstOf(output: unknown, k: number): string[] {
  return [...new Set(Ranking.safeParse(output).data ?? [])].slice(0, k);
}

/** Scores the share of relevant documents among the first `k` that were found. */
export const recallAtK = defineScorer({
  name: "recall_at_k",
  summary: "share of the relevant ids among the first `k` of the answer (default 10); passes at `passAt`",
  needs: "expectedOutput",
  options: AtK,
  make:
    ({ k, passAt }) =>
    (item, answer) => {
      const relevant = relevanceOf(item);
      const found = firstOf(answer.output, k).filter((id) => relevant.has(id)).length;
      return graded(found / relevant.size, passAt, `${found} of ${relevant.size} relevant documents among the first ${k}`);
    },
});

/** The discounted gain of a ranking: each divided by log2 of its place + 1 (Järvelin and Kekäläinen 2002). */
function discounted(gains: readonly number[]): number {
  return gains.reduce((sum, gain, index) => sum + gain / Math.log2(index + 2), 0);
}

/** Scores the order of the first `k` documents against the best possible one. */
export const ndcg = defineScorer({
  name: "ndcg",
  summary: "nDCG of the first `k` ids of the answer (default 10), 0 to 1; passes at `passAt`",
  needs: "expectedOutput",
  options: AtK,
  make:
    ({ k, passAt }) =>
    (item, answer) => {
      const relevant = relevanceOf(item);
      const given = discounted(firstOf(answer.output, k).map((id) => relevant.get(id) ?? 0));
      const best = discounted([...relevant.values()].sort((a, b) => b - a).slice(0, k));
      return graded(given / best, passAt, "not the best order");
    },
});
