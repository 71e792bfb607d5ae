/** A row with few non-zero values: their features, each once, and the values. */
export interface SparseRow {
  features: Int32Array;
  values: Float32Array;
}

/** Many rows, one after another (compressed sparse rows): row `r` extends from `starts[r]` to before `starts[r + 1]`. */
export interface SparseRows extends SparseRow {
  featureCount: number;
  starts: Int32Array;
  /** ‖x‖² of each row. */
  squaredNorms: Float64Array;
}

/** Joins parts of one row; the features of each part begin after those of the parts before it. */
export function joinPieces(pieces: readonly SparseRow[], featureCounts: readonly number[]): SparseRow {
  const length = pieces.reduce((sum, { features }) => sum + features.length, 0);
  const joined = { features: new Int32Array(length), values: new Float32Array(length) };
  let at = 0;
  let firstFeature = 0;
  for (const [index, { features, values }] of pieces.entries()) {
    joined.values.set(values, at);
    for (const feature of features) {
      joined.features[at] = firstFeature + feature;
      at += 1;
    }
    firstFeature += featureCounts[index] ?? 0;
  }
  return joined;
}

/** Concatenates rows. */
export function stackRows(rows: readonly SparseRow[], featureCount: number): SparseRows {
  const starts = new Int32Array(rows.length + 1);
  for (const [index, { features }] of rows.entries()) starts[index + 1] = (starts[index] as number) + features.length;
  const length = starts[rows.length] as number;
  const stacked = { featureCount, starts, features: new Int32Array(length), values: new Float32Array(length) };
  for (const [index, { features, values }] of rows.entries()) {
    stacked.features.set(features, starts[index]);
    stacked.values.set(values, starts[index]);
  }
  const squaredNorms = Float64Array.from(rows, ({ values }) => values.reduce((sum, value) => sum + value * value, 0));
  return { ...stacked, squaredNorms };
}
