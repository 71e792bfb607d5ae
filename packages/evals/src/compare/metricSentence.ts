import type { MetricComparison } from "./compareRuns.ts";

/** A number with up to four decimals, and no more than needed. */
export function inFigures(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(Math.abs(value) >= 1000 ? 6 : 3))) : "unknown";
}

const signed = (value: number): string => (value > 0 ? `+${inFigures(value)}` : inFigures(value));

/** A metric's comparison in one sentence: the difference with its interval, the conclusion, and the detectable effect. */
export function metricSentence(metric: MetricComparison, power: number): string {
  const { name, word, difference, lower, upper, alpha, margin, items, unscored, isNonInferior, minimumDetectable } = metric;
  const confidence = `${inFigures(100 * (1 - 2 * alpha))} %`;
  const counted = unscored === 0 ? `${items} items` : `${items} items; ${unscored} more lack a score in one of the runs`;
  const change = `${name} changed by ${signed(difference)} (${confidence} interval ${signed(lower)} to ${signed(upper)}, ${counted})`;
  const withinMargin = margin === null ? "" : isNonInferior === true ? ` and loses less than ${inFigures(margin)}` : "";
  const detectable = `a loss of ${inFigures(minimumDetectable)} would be found ${inFigures(100 * power)} % of the time`;
  switch (word) {
    case "regressed":
      return `${change}: it regressed.`;
    case "improved":
      return `${change}: it improved.`;
    case "equivalent":
      return `${change}: it is equivalent within ${inFigures(margin ?? 0)}.`;
    case "not_enough_evidence":
      return `${change}: not enough evidence to say that it differs${withinMargin}; ${detectable}.`;
  }
}
