import { AppError } from "@signalbox/model";
import { z } from "zod";
import { rememberedEmbed } from "../../embeddings/rememberedEmbed.ts";
import { ModelEndpoint } from "../../judges/judgeDefinition.ts";
import { defineScorer, graded, noScore, PassAt } from "../scorer.ts";
import { textOf } from "../textOf.ts";

const Options = PassAt.extend({ model: z.string().min(1).max(200), endpoint: ModelEndpoint });

/** The cosine of two vectors, -1 to 1; null where their dimensions differ, or one is zero. */
export function cosine(one: readonly number[], other: readonly number[]): number | null {
  if (one.length !== other.length) return null;
  let [dot, ofOne, ofOther] = [0, 0, 0];
  one.forEach((value, at) => {
    const against = other[at] ?? 0;
    dot += value * against;
    ofOne += value * value;
    ofOther += against * against;
  });
  const cosine = dot / Math.sqrt(ofOne * ofOther);
  return Number.isFinite(cosine) ? Math.min(1, Math.max(-1, cosine)) : null;
}

/**
 * Scores the similarity in meaning of an answer and the expected text: the cosine of their vectors,
 * with 0 for negative ones. Where a text has no vector there is no score, with the reason.
 */
export const embedding = defineScorer({
  name: "embedding",
  summary: "how near two texts are by the vectors of `model`, at an OpenAI-compatible `endpoint`; 0 to 1; passes at `passAt`",
  needs: "expectedOutput",
  options: Options,
  make: ({ model, endpoint, passAt }, _findAsk, findEmbed) => {
    const embed = rememberedEmbed(findEmbed(endpoint));
    return async (item, answer) => {
      const [given, expected] = [textOf(answer.output), textOf(item.expectedOutput)];
      if (given.trim() === "") return noScore("the answer is empty");
      if (expected.trim() === "") return noScore("the expected text is empty");
      try {
        const vectors = await Promise.all([embed(model, given), embed(model, expected)]);
        const near = cosine(...vectors);
        if (near === null)
          return noScore(`the model's vectors, of ${vectors[0].length} and ${vectors[1].length} numbers, cannot be compared`);
        return graded(Math.max(0, near), passAt, `cosine ${near.toFixed(3)}`);
      } catch (error) {
        if (error instanceof AppError && error.code === "bad_answer") return noScore(error.message);
        throw error;
      }
    };
  },
});
