/** When an endpoint is an outlier, and for how long. */
export const EJECTION_POLICY = {
  /** So many calls that failed in a row. A refused or broken connection, or a probe without an answer, is enough by itself. */
  failuresInARow: 5,
  /** How long the first ejection lasts; the second twice as long, the third three times. */
  ejectedMs: 1_000,
  ejectedMsMax: 30_000,
  /** So long without being ejected takes one of its ejections off the count. */
  forgivenAfterMs: 10_000,
  /** No greater share of a set is ever ejected: if so much is ill, it is the callers or all of them, and the rest would only be overrun. */
  ejectedShareMax: 0.5,
} as const satisfies Record<string, number>;

export type EjectionPolicy = { readonly [Name in keyof typeof EJECTION_POLICY]: number };

/** What is known of one endpoint among its like. Times are of one monotonic clock, in milliseconds. */
export interface Standing {
  failuresInARow: number;
  /** How often it was ejected, less what was forgiven. */
  ejections: number;
  /** Whether it is out, until its time is over and somebody answers there again. */
  isOut: boolean;
  outUntilMs: number;
  /** Since when ejections are forgiven. */
  cleanSinceMs: number;
  /** A probe found nobody there, and none has found somebody since. */
  isSilent: boolean;
}

/** An endpoint of which nothing is known. */
export function newStanding(): Standing {
  return { failuresInARow: 0, ejections: 0, isOut: false, outUntilMs: 0, cleanSinceMs: 0, isSilent: false };
}

/** Whether an endpoint is ejected. */
export function isEjected({ isOut, isSilent, outUntilMs }: Standing, nowMs: number): boolean {
  return isOut && (isSilent || nowMs < outUntilMs);
}

/** Lets an endpoint whose ejection is over be in for good: what is found out later is a matter of a new ejection, under its cap. */
function settle(standing: Standing, nowMs: number): void {
  standing.isOut = isEjected(standing, nowMs);
}

/** A call worked. */
export function noteSuccess(standing: Standing, nowMs: number, policy: EjectionPolicy = EJECTION_POLICY): void {
  settle(standing, nowMs);
  standing.failuresInARow = 0;
  if (standing.ejections === 0 || nowMs - standing.cleanSinceMs < policy.forgivenAfterMs) return;
  standing.ejections -= 1;
  standing.cleanSinceMs = nowMs;
}

/**
 * A call failed; `isGone` when there was no one at the other end. Ejects the endpoint when that
 * makes it an outlier and its set, of which it is one, can spare it. Answers whether it did.
 */
export function noteFailure(
  standing: Standing,
  isGone: boolean,
  set: readonly Standing[],
  nowMs: number,
  policy: EjectionPolicy = EJECTION_POLICY,
): boolean {
  settle(standing, nowMs);
  standing.failuresInARow += 1;
  if (standing.isOut || !(isGone || standing.failuresInARow >= policy.failuresInARow)) return false;
  if (ejectedIn(set, nowMs).length + 1 > policy.ejectedShareMax * set.length) return false;
  standing.failuresInARow = 0;
  standing.ejections += 1;
  standing.isOut = true;
  standing.outUntilMs = nowMs + Math.min(policy.ejectedMsMax, policy.ejectedMs * standing.ejections);
  standing.cleanSinceMs = standing.outUntilMs;
  return true;
}

/** A probe was answered, or was not. Answers whether the endpoint is ejected for that. */
export function noteProbe(
  standing: Standing,
  isAnswered: boolean,
  set: readonly Standing[],
  nowMs: number,
  policy: EjectionPolicy = EJECTION_POLICY,
): boolean {
  settle(standing, nowMs);
  standing.isSilent = !isAnswered;
  return isAnswered ? false : noteFailure(standing, true, set, nowMs, policy);
}

/** Takes back ejections, those first that end first, until no more are out than may be: the set has become smaller. */
export function keepCap(set: readonly Standing[], nowMs: number, policy: EjectionPolicy = EJECTION_POLICY): void {
  const ejected = ejectedIn(set, nowMs).sort((one, other) => one.outUntilMs - other.outUntilMs);
  for (const standing of ejected.slice(0, Math.max(0, ejected.length - Math.floor(policy.ejectedShareMax * set.length))))
    standing.isOut = false;
}

function ejectedIn(set: readonly Standing[], nowMs: number): Standing[] {
  return set.filter((each) => isEjected(each, nowMs));
}
