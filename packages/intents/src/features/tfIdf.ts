import type { SparseRow } from "./sparseRows.ts";

/** A model's terms of one kind, with the inverse document frequency of each. */
export interface Vocabulary {
  terms: readonly string[];
  idf: Float32Array;
}

/**
 * Learns the terms that occur in at least `documentsMin` documents, in the order of
 * their code units. idf = ln((1 + documents) / (1 + documents with the term)) + 1.
 */
export function fitVocabulary(documents: readonly (readonly string[])[], documentsMin: number): Vocabulary {
  const counts = new Map<string, number>();
  for (const document of documents) for (const term of new Set(document)) counts.set(term, (counts.get(term) ?? 0) + 1);
  const kept = [...counts].filter(([, count]) => count >= documentsMin).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    terms: kept.map(([term]) => term),
    idf: Float32Array.from(kept, ([, count]) => Math.log((1 + documents.length) / (1 + count)) + 1),
  };
}

/** The count of each known term in a document, by the term's index in the vocabulary. */
function countTerms(document: readonly string[], places: ReadonlyMap<string, number>): Map<number, number> {
  const counts = new Map<number, number>();
  for (const term of document) {
    const place = places.get(term);
    if (place !== undefined) counts.set(place, (counts.get(place) ?? 0) + 1);
  }
  return counts;
}

/**
 * Turns documents into vectors of the given length (‖x‖): (1 + ln count) ·
 * idf for each known term. A document without known terms is an empty row.
 */
export function tfIdfVectoriser({ terms, idf }: Vocabulary, length: number): (document: readonly string[]) => SparseRow {
  const places = new Map(terms.map((term, place) => [term, place]));
  return (document) => {
    const counts = countTerms(document, places);
    const features = Int32Array.from(counts.keys());
    const values = new Float32Array(features.length);
    let squares = 0;
    for (let at = 0; at < features.length; at += 1) {
      const feature = features[at] as number;
      const value = (1 + Math.log(counts.get(feature) as number)) * (idf[feature] as number);
      values[at] = value;
      squares += value * value;
    }
    const scale = length / Math.sqrt(squares);
    return { features, values: values.map((value) => value * scale) };
  };
}
