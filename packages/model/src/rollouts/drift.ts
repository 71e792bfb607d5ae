/** With fewer units a difference from the wanted split is not reported. */
const UNITS_MIN = 20;

/** A difference of more standard errors is not chance. */
const ERRORS_MAX = 4;

/**
 * A project's observed traffic split against the wanted one: `wanted` and `observed` are the candidate's percentage
 * of the latest `units`. `sentence` describes a disagreement; null where there is none, or too little is known.
 */
export type Drift = { wanted: number; observed: number | null; units: number; sentence: string | null };

/** Compares the candidate's target share (`wanted`, and `routed` by the routing; percent) with the units that each arm got lately. */
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
