import type { SparseRow } from "../features/sparseRows.ts";

/**
 * One plane per class. The weight of feature `f` for class `c` is `weights[f
 * * classCount + c]`, so that a text reads a few contiguous ranges.
 */
export interface LinearClassifier {
  classCount: number;
  weights: Float32Array;
}

/** The score of each class for a row: its distance on the class's side of the plane, unnormalised. */
export function scoreClasses({ classCount, weights }: LinearClassifier, { features, values }: SparseRow): Float64Array {
  const scores = new Float64Array(classCount);
  for (let at = 0; at < features.length; at += 1) {
    const start = (features[at] as number) * classCount;
    const value = values[at] as number;
    for (let label = 0; label < classCount; label += 1)
      scores[label] = (scores[label] as number) + (weights[start + label] as number) * value;
  }
  return scores;
}

/** The class with the highest score; the first of ties. */
export function bestClass(scores: Float64Array): number {
  let best = 0;
  for (let label = 1; label < scores.length; label += 1) if ((scores[label] as number) > (scores[best] as number)) best = label;
  return best;
}
