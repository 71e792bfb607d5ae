/** So many units are too few to say that the traffic is split otherwise than wanted. */
const UNITS_MIN = 20;

/** So many standard errors away from what is wanted are no chance. */
const ERRORS_MAX = 4;

/**
 * How a project's traffic is split beside how it should be: `wanted` and `observed` are the candidate's percent of
 * `units`, those seen lately. `sentence` says how they disagree; null where they do not, or too little is known.
 */
export type Drift = { wanted: number; observed: number | null; units: number; sentence: string | null };

/** Compares what the candidate should have (`wanted`, `routed` by the routing; percent) with what it was given lately. */
export function driftOf({
  wanted,
  routed,
  candidate,
  stable,
}: {
  wanted: number;
  routed: number;
  candidate: number;
  stable: number;
}): Drift {
  const units = candidate + stable;
  const observed = units === 0 ? null : (100 * candidate) / units;
  const drift = { wanted, observed, units };
  if (routed !== wanted)
    return {
      ...drift,
      sentence: `The routing gives the candidate ${routed} % where the rollout wants ${wanted} %: it is set right at the next look.`,
    };
  if (observed === null || units < UNITS_MIN) return { ...drift, sentence: null };
  const error = Math.sqrt((wanted * (100 - wanted)) / units);
  const isApart = Math.abs(observed - wanted) > ERRORS_MAX * error;
  const sentence = `The candidate has ${observed.toFixed(1)} % of the last ${units} units where it should have ${wanted} %.`;
  return { ...drift, sentence: isApart ? sentence : null };
}
