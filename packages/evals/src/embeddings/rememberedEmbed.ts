import type { Embed } from "./embed.ts";

/** Vectors of so many texts are kept, some megabytes; the one that was asked for longest ago goes first. */
const TEXTS_MAX = 2_000;

/** Asks about each text once, also where it is asked about at the same time. What failed is asked again. */
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
