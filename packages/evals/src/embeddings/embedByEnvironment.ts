import { AppError, type FailureCode } from "@signalbox/model";
import { z } from "zod";
import { findModelServer, type ModelServer } from "../models/modelServer.ts";
import type { Embed, FindEmbed } from "./embed.ts";

const Answer = z.object({ data: z.array(z.object({ embedding: z.array(z.number()).min(1) })).length(1) });

/** Refusals that may be due to the text: it is too long, or cannot be embedded. */
const OF_THE_TEXT: ReadonlySet<FailureCode> = new Set(["invalid_input", "too_large"]);

/** A text that any model can embed: if it refuses this too, the text was not to blame. */
const PROBE = "yes";

function embedAt({ origin, ask }: ModelServer): Embed {
  let hasGivenVector = false;

  const vectorOf: Embed = async (model, text) => {
    const answer = await ask((client, options) => client.embeddings.create({ model, input: text, encoding_format: "float" }, options));
    const [first] = Answer.safeParse(answer).data?.data ?? [];
    if (first === undefined) throw new AppError("model_unavailable", `What answers at ${origin} gave no vector of numbers.`);
    hasGivenVector = true;
    return first.embedding;
  };

  return async (model, text) => {
    try {
      return await vectorOf(model, text);
    } catch (error) {
      if (!(error instanceof AppError) || !OF_THE_TEXT.has(error.code)) throw error;
      if (!hasGivenVector) await vectorOf(model, PROBE).catch(() => {});
      throw new AppError(hasGivenVector ? "bad_answer" : "model_unavailable", error.message, { cause: error });
    }
  };
}

/**
 * Finds embedding models at the addresses in an environment. A refusal of one text
 * is `bad_answer`; a model that cannot embed anything is `model_unavailable`.
 */
export function embedByEnvironment(env: Readonly<Record<string, string | undefined>>): FindEmbed {
  return (endpoint) => embedAt(findModelServer(env, endpoint, { who: "The scorer embedding", model: "The embedding model" }));
}
