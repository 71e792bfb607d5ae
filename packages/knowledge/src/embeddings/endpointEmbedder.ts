import { AppError } from "@signalbox/model";
import { z } from "zod";
import type { Embedder } from "./embedder.ts";

const TEXTS_PER_REQUEST = 64;
const TIMEOUT_MS = 30_000;

const Answer = z.object({ data: z.array(z.object({ index: z.number().int().nonnegative(), embedding: z.array(z.number()).min(1) })) });

/** An embeddings endpoint: the address before `/embeddings`, the model's name there, and a key. */
export interface EmbeddingsEndpoint {
  url: string;
  model: string;
  key: string | undefined;
}

/**
 * Embeds by a model behind any endpoint that implements OpenAI's `POST /embeddings`.
 * Throws `upstream_unavailable` where it does not answer with vectors.
 */
export function openEndpointEmbedder({ url, model, key }: EmbeddingsEndpoint): Embedder {
  const address = `${url.replace(/\/+$/, "")}/embeddings`;
  const unavailable = (message: string, cause?: unknown): AppError =>
    new AppError("upstream_unavailable", `The embeddings of ${new URL(address).host} ${message}.`, { cause });

  const ask = async (input: readonly string[]): Promise<Float32Array[]> => {
    const answer = await fetch(address, {
      method: "POST",
      headers: { "content-type": "application/json", ...(key === undefined ? {} : { authorization: `Bearer ${key}` }) },
      body: JSON.stringify({ model, input, encoding_format: "float" }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }).catch((cause: unknown) => {
      throw unavailable("do not answer", cause);
    });
    if (!answer.ok) throw unavailable(`answered ${answer.status}`);
    const parsed = Answer.safeParse(await answer.json().catch(() => undefined));
    if (!parsed.success || parsed.data.data.length !== input.length)
      throw unavailable("answered something else than a vector for each text");
    return parsed.data.data.toSorted((a, b) => a.index - b.index).map(({ embedding }) => Float32Array.from(embedding));
  };

  return {
    name: `endpoint-${model}`,
    async embed(texts) {
      const vectors: Float32Array[] = [];
      for (let at = 0; at < texts.length; at += TEXTS_PER_REQUEST) vectors.push(...(await ask(texts.slice(at, at + TEXTS_PER_REQUEST))));
      return vectors;
    },
    async embedQuery(text) {
      const [vector] = await ask([text]);
      if (vector === undefined) throw unavailable("answered no vector");
      return vector;
    },
  };
}
