/** The parameters of ejection. */
export const EJECTION_POLICY = {
  /** The number of consecutive failed calls. A refused or broken connection, or an unanswered probe, suffices by itself. */
  failuresInARow: 5,
  /** The duration of the first ejection; the second is twice as long, the third three times. */
  ejectedMs: 1_000,
  ejectedMsMax: 30_000,
  /** The time without an ejection that takes one off the count. */
  forgivenAfterMs: 10_000,
  /** The largest ejected share of a set: if more is ill, it is the callers or all of them, and the rest would only be overrun. */
  ejectedShareMax: 0.5,
} as const satisfies Record<string, number>;

export type EjectionPolicy = { readonly [Name in keyof typeof EJECTION_POLICY]: number };

/** The standing of one endpoint in its set. Times are of one monotonic clock, in milliseconds. */
export interface Standing {
  failuresInARow: number;
  /** The number of its ejections, less the forgiven ones. */
  ejections: number;
  /** Whether it is ejected, which lasts until its time is over and somebody answers there again. */
  isOut: boolean;
  outUntilMs: number;
  /** The time from which ejections are forgiven. */
  cleanSinceMs: number;
  /** Whether the last probe found nobody there. */
  isSilent: boolean;
}

/** The standing of an unknown endpoint. */
export function newStanding(): Standing {
  return { failuresInARow: 0, ejections: 0, isOut: false, outUntilMs: 0, cleanSinceMs: 0, isSilent: false };
}

/** Whether an endpoint is ejected. */
export function isEjected({ isOut, isSilent, outUntilMs }: Standing, nowMs: number): boolean {
  return isOut && (isSilent || nowMs < outUntilMs);
}

/** Ends an ejection whose time is over: later failures need a new ejection, under its cap. */
function settle(standing: Standing, nowMs: number): void {
  standing.isOut = isEjected(standing, nowMs);
}

/** Notes a call that worked. */
export function noteSuccess(standing: Standing, nowMs: number, policy: EjectionPolicy = EJECTION_POLICY): void {
  settle(standing, nowMs);
  standing.failuresInARow = 0;
  if (standing.ejections === 0 || nowMs - standing.cleanSinceMs < policy.forgivenAfterMs) return;
  standing.ejections -= 1;
  standing.cleanSinceMs = nowMs;
}

/**
 * Notes a failed call; `isGone` when there was nobody at the other end. Ejects the endpoint when
 * that makes it an outlier and its set (which includes it) can spare it. Returns whether it did.
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

/** Notes the result of a probe. Returns whether the endpoint is ejected for it. */
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

/** Takes back ejections, those that end first, until no more are out than the cap allows: the set has become smaller. */
export function keepCap(set: readonly Standing[], nowMs: number, policy: EjectionPolicy = EJECTION_POLICY): void {
  const ejected = ejectedIn(set, nowMs).sort((one, other) => one.outUntilMs - other.outUntilMs);
  for (const standing of ejected.slice(0, Math.max(0, ejected.length - Math.floor(policy.ejectedShareMax * set.length))))
    standing.isOut = false;
}

function ejectedIn(set: readonly Standing[], nowMs: number): Standing[] {
  return set.filter((each) => isEjected(each, nowMs));
}
