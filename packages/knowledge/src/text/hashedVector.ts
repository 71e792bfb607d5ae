import { wordsOf } from "@signalbox/intents";

const CHARACTERS = 4;

/** FNV-1a, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

/** A word and its runs of four characters, so that "refund" and "refunded" have some in common. */
function pieces(word: string): string[] {
  const marked = ` ${word} `;
  const runs = Array.from({ length: Math.max(0, marked.length - CHARACTERS + 1) }, (_, at) => marked.slice(at, at + CHARACTERS));
  return [word, ...runs];
}

/**
 * A text as a vector without a model: each word and each of its runs of characters adds 1 + ln
 * count, times the weight of the word, to a dimension and with a sign that its hash chooses
 * (Weinberger and others, "Feature Hashing", ICML 2009). A text without words is a zero vector.
 */
export function hashedVector(text: string, dimensions: number, weightOf: (word: string) => number = () => 1): Float32Array {
  const counts = new Map<string, number>();
  for (const word of wordsOf(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
  const vector = new Float32Array(dimensions);
  for (const [word, count] of counts) {
    const weight = (1 + Math.log(count)) * weightOf(word);
    const found = pieces(word);
    for (const piece of found) {
      const hash = hashOf(piece);
      const place = (hash >>> 1) % dimensions;
      vector[place] = (vector[place] as number) + (hash & 1 ? weight : -weight) / Math.sqrt(found.length);
    }
  }
  return vector;
}
