/** A metric's e-value and its weight among the others (> 0). */
export interface Weighed {
  readonly name: string;
  readonly weight: number;
  readonly eValue: number;
}

/**
 * The e-value against "no metric is worse": the weighted mean of the metrics' e-values at the same time, valid under any dependence
 * (Vovk and Wang, arXiv:1912.06116). Means of running maxima are not valid (arXiv:2501.19360). 1 where there are no metrics.
 */
export function eAverage(metrics: readonly Weighed[]): number {
  let [sum, weights] = [0, 0];
  for (const { weight, eValue } of metrics) {
    sum += weight * eValue;
    weights += weight;
  }
  return weights === 0 ? 1 : sum / weights;
}

/**
 * The metrics that can be blamed at `alpha`, simultaneously: closed testing over averages. A metric is to blame
 * if it is together with any others; its worst case is exactly those others whose e-value is below 1/alpha.
 */
export function blamed(metrics: readonly Weighed[], alpha: number): string[] {
  const threshold = 1 / alpha;
  const excess = ({ weight, eValue }: Weighed): number => weight * (eValue - threshold);
  const doubts = metrics.reduce((sum, metric) => sum + Math.min(0, excess(metric)), 0);
  return metrics.filter((metric) => excess(metric) >= 0 && excess(metric) + doubts >= 0).map(({ name }) => name);
}
