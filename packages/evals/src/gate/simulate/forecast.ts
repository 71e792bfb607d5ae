import type { LivePolicy } from "../live/livePolicy.ts";
import { type SimulatedRollout, type SimulatedTraffic, simulateRollout } from "./simulateRollout.ts";

/** The median, and the 90th percentile. */
export interface Spread {
  readonly median: number;
  readonly p90: number;
}

/** How simulated rollouts ended, as shares, with those rolled back by evidence counted apart, and what they took until then. */
export interface Forecast {
  readonly rolledBack: number;
  readonly rolledBackByEvidence: number;
  readonly promoted: number;
  readonly held: number;
  readonly candidateUnits: Spread;
  readonly units: Spread;
  readonly hours: Spread;
}

/** Simulates `sims` rollouts under a policy; `onProgress` is called after each. Otherwise pure: the same seed gives the same forecast. */
export function forecast(
  policy: LivePolicy,
  traffic: SimulatedTraffic,
  { sims, seed, onProgress = () => {} }: { sims: number; seed: number; onProgress?: () => void },
): Forecast {
  return forecastOf(
    Array.from({ length: sims }, (_, number) => {
      const rollout = simulateRollout(policy, traffic, seed, number);
      onProgress();
      return rollout;
    }),
  );
}

/** The forecast from at least one simulated rollout. */
export function forecastOf(rollouts: readonly SimulatedRollout[]): Forecast {
  const sims = rollouts.length;
  const share = (holds: (rollout: SimulatedRollout) => boolean): number => rollouts.filter(holds).length / sims;
  const spread = (of: (rollout: SimulatedRollout) => number): Spread => {
    const sorted = rollouts.map(of).sort((one, other) => one - other);
    const at = (part: number): number => sorted[Math.min(sims - 1, Math.floor(part * sims))] ?? 0;
    return { median: at(0.5), p90: at(0.9) };
  };
  return {
    rolledBack: share(({ kind }) => kind === "rollback"),
    rolledBackByEvidence: share(({ grounds }) => grounds === "evidence"),
    promoted: share(({ kind }) => kind === "promote"),
    held: share(({ kind }) => kind === "hold"),
    candidateUnits: spread(({ candidateUnits }) => candidateUnits),
    units: spread(({ units }) => units),
    hours: spread(({ hours }) => Number(hours.toFixed(2))),
  };
}
