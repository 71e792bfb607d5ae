/** Term-frequency saturation and length normalisation (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009). */
const K1 = 1.2;
const B = 0.75;

interface Kept {
  terms: ReadonlyMap<string, number>;
  length: number;
}

/** An index of texts by their words, ranked by BM25. */
export class Bm25Index {
  readonly #texts = new Map<string, Kept>();
  readonly #postings = new Map<string, Set<string>>();
  #length = 0;

  /** The number of texts. */
  get size(): number {
    return this.#texts.size;
  }

  /** Adds a text, replacing the one with that id. */
  put(id: string, words: readonly string[]): void {
    this.remove(id);
    const terms = new Map<string, number>();
    for (const word of words) terms.set(word, (terms.get(word) ?? 0) + 1);
    this.#texts.set(id, { terms, length: words.length });
    this.#length += words.length;
    for (const term of terms.keys()) {
      const posting = this.#postings.get(term) ?? new Set();
      this.#postings.set(term, posting.add(id));
    }
  }

  remove(id: string): void {
    const kept = this.#texts.get(id);
    if (kept === undefined) return;
    this.#texts.delete(id);
    this.#length -= kept.length;
    for (const term of kept.terms.keys()) {
      const posting = this.#postings.get(term);
      posting?.delete(id);
      if (posting?.size === 0) this.#postings.delete(term);
    }
  }

  /** The weight of a term: ln(1 + (texts − texts with it + ½) / (texts with it + ½)). */
  idf(term: string): number {
    const having = this.#postings.get(term)?.size ?? 0;
    return Math.log(1 + (this.#texts.size - having + 0.5) / (having + 0.5));
  }

  /** The best texts that contain a word of the query and satisfy `isWanted`, best first. */
  search(words: readonly string[], limit: number, isWanted: (id: string) => boolean): { id: string; score: number }[] {
    const scores = new Map<string, number>();
    const lengthMean = this.#length / Math.max(1, this.#texts.size);
    for (const term of new Set(words)) {
      const idf = this.idf(term);
      for (const id of this.#postings.get(term) ?? []) {
        const { terms, length } = this.#texts.get(id) as Kept;
        const count = terms.get(term) as number;
        const saturated = (count * (K1 + 1)) / (count + K1 * (1 - B + (B * length) / lengthMean));
        scores.set(id, (scores.get(id) ?? 0) + idf * saturated);
      }
    }
    return [...scores]
      .filter(([id]) => isWanted(id))
      .sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1))
      .slice(0, limit)
      .map(([id, score]) => ({ id, score }));
  }
}
