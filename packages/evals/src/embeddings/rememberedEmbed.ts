import type { Embed } from "./embed.ts";

/** The number of cached vectors, some megabytes; the least recently used goes first. */
const TEXTS_MAX = 2_000;

/** Asks about each text once, even concurrently. Failures are not cached. */
export function rememberedEmbed(embed: Embed, textsMax = TEXTS_MAX): Embed {
  const known = new Map<string, ReturnType<Embed>>();
  return (model, text) => {
    const key = JSON.stringify([model, text]);
    const vector = known.get(key) ?? embed(model, text);
    known.delete(key);
    known.set(key, vector);
    vector.catch(() => known.delete(key));
    const [oldest] = known.keys();
    if (known.size > textsMax && oldest !== undefined) known.delete(oldest);
    return vector;
  };
}
