import { binomialTail } from "../distributions/binomialTail.ts";
import { logGamma } from "../distributions/logGamma.ts";

/** Pr(X = count) for X ~ Binomial(trials, rate), rate > 0. */
function binomialWeight(count: number, trials: number, rate: number): number {
  if (rate >= 1) return count === trials ? 1 : 0;
  const ways = logGamma(trials + 1) - logGamma(count + 1) - logGamma(trials - count + 1);
  return Math.exp(ways + count * Math.log(rate) + (trials - count) * Math.log1p(-rate));
}

/**
 * The smallest number of `total` disagreements against the candidate, from `from` on,
 * that the exact test calls worse at `alpha`; `total` + 1 if not even all of them do.
 */
function criticalCount(total: number, alpha: number, from: number): number {
  let count = from;
  while (count <= total && binomialTail(count, total, 0.5) > alpha) count += 1;
  return count;
}

/**
 * The exact power of McNemar's exact one-sided test: the probability that it calls a candidate worse whose pass
 * rate is lower by `drop`, where the runs disagree on a share `discordance` of items (at least `drop`). Summed over
 * the number of discordant items (Duffy, "Asymptotic and exact power for the McNemar test", Biometrics 40, 1984).
 */
export function mcNemarPower(items: number, discordance: number, drop: number, alpha: number): number {
  if (discordance <= 0) return 0;
  const worseShare = Math.min(1, (discordance + drop) / (2 * discordance));
  const expected = items * discordance;
  const reach = 8 * Math.sqrt(expected * (1 - discordance)) + 8;
  const [fewest, most] = [Math.max(0, Math.floor(expected - reach)), Math.min(items, Math.ceil(expected + reach))];
  let power = 0;
  let critical = Math.floor(fewest / 2);
  for (let total = fewest; total <= most; total += 1) {
    critical = criticalCount(total, alpha, critical);
    power += binomialWeight(total, items, discordance) * binomialTail(critical, total, worseShare);
  }
  // Rounded weights may sum to a little more than 1.
  return Math.min(1, power);
}
