/** A mean, its standard error and the degrees of freedom of its t. NaN where there are too few values. */
export interface MeanWithError {
  readonly mean: number;
  readonly standardError: number;
  readonly degrees: number;
}

/** The members of each cluster by index, in the order in which clusters first occur. A value without a name is a cluster of its own. */
export function clusterMembers(clusters: readonly (string | undefined)[]): number[][] {
  const members = new Map<string | number, number[]>();
  for (const [index, name] of clusters.entries()) {
    const key = name ?? index;
    const known = members.get(key);
    if (known === undefined) members.set(key, [index]);
    else known.push(index);
  }
  return [...members.values()];
}

/**
 * The mean of values that may be dependent within clusters (items of one conversation): SE = (1/n) √(g Σ_c (Σ_{i∈c} (d_i - d̄))²)
 * with g = C / (C - 1) for C clusters (Miller, "Adding Error Bars to Evals", arXiv:2411.00640, appendix A; the factor g as in
 * inspect_ai). Without clusters every value is its own, and this is the usual √(Σ(d_i - d̄)² / (n(n - 1))). C - 1 degrees of freedom.
 */
export function clusteredMean(values: readonly number[], clusters?: readonly (string | undefined)[]): MeanWithError {
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const groups = clusters === undefined ? values.map((_, index) => [index]) : clusterMembers(clusters);
  const squares = groups.reduce(
    (total, group) => total + group.reduce((sum, index) => sum + ((values[index] as number) - mean), 0) ** 2,
    0,
  );
  const standardError = Math.sqrt((squares * groups.length) / (groups.length - 1)) / count;
  return { mean, standardError: groups.length < 2 ? Number.NaN : standardError, degrees: groups.length - 1 };
}
