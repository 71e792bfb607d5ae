import { ARMS, type Arm, durationMs, type Grounds, type LiveVerdict, type PerArm } from "@signalbox/model";
import { readCondition } from "./breaker.ts";
import { eValueOf } from "./capital.ts";
import { blamed, eAverage, type Weighed } from "./combine.ts";
import { NO_COUNT_EVIDENCE } from "./countEvidence.ts";
import { metricFigures, shown } from "./figures.ts";
import type { GateState } from "./gateState.ts";
import { isBreaker, isCount, isMean, type LivePolicy } from "./livePolicy.ts";

/** The inputs of a look besides the blocks: the rollout's step, and the time it has taken (milliseconds). */
export interface Moment {
  readonly step: number;
  readonly stepElapsedMs?: number | undefined;
}

/** The default for the largest share of an arm's units that a metric may lack. */
const MAX_UNSCORED = 0.5;

type Judged = Pick<LiveVerdict, "kind" | "grounds" | "reason">;
const judged = (kind: Judged["kind"], grounds: Grounds, reason: string): Judged => ({ kind, grounds, reason });

/**
 * Judges a rollout; may be called at any rate. Rolls back at a breaker's plain limit, when the averaged
 * evidence of harm reaches 1/alpha, or when a step took too long and the policy says so. Promotes a step that
 * has its units, and the last one once every guardrail is shown to be safe at 1/beta. Holds otherwise. Pure.
 */
export function look(state: GateState, policy: LivePolicy, moment: Moment): LiveVerdict {
  const { alpha } = policy.rollback;
  const guardrails = harmOf(state, policy, "guardrail");
  const eHarm = eAverage(guardrails);
  const isHarmful = eHarm >= 1 / alpha;
  const worse = isHarmful ? blamed(guardrails, alpha) : [];
  const stepUnits = state.steps[moment.step] ?? { candidate: 0, stable: 0 };
  const all = state.split.units.candidate + state.split.units.stable;
  const figures = {
    ...{ step: moment.step, isLastStep: moment.step >= policy.steps.length - 1, blocks: state.blocks, units: state.units, stepUnits },
    ...{ eHarm: shown(eHarm), eHarmToRollBack: shown(1 / alpha), eSafeToPromote: shown(1 / policy.promote.beta) },
    split: {
      wanted: state.split.share,
      observed: all === 0 ? null : shown(state.split.units.candidate / all),
      eValue: shown(state.split.eValue),
      isOk: state.split.eValue < 1 / policy.srm.alpha,
    },
    metrics: metricFigures(state, policy, worse),
  };
  const verdict =
    brokenBy(state, policy) ??
    (isHarmful ? judged("rollback", "evidence", harmText(worse, eHarm, alpha, state.units)) : undefined) ??
    lateBy(policy, moment) ??
    heldBy(state, policy, stepUnits) ??
    stepDone(policy, moment, stepUnits, figures);
  return { ...verdict, ...figures };
}

/** The evidence that some guardrail of the candidate is worse, which rolls back at 1/alpha. */
export function harmEvidence(state: GateState, policy: LivePolicy): number {
  return eAverage(harmOf(state, policy, "guardrail"));
}

/** The current evidence of harm of each metric with the given role. */
function harmOf(state: GateState, policy: LivePolicy, role: "guardrail" | "signal"): Weighed[] {
  return policy.metrics.flatMap((metric) => {
    if (isBreaker(metric) || metric.role !== role) return [];
    const harm = isMean(metric) ? state.means[metric.name]?.harm : state.counts[metric.name]?.harm;
    return harm === undefined ? [] : [{ name: metric.name, weight: metric.weight, eValue: eValueOf(harm) }];
  });
}

/** The first breaker whose limit is reached. */
function brokenBy(state: GateState, policy: LivePolicy): Judged | undefined {
  const broken = policy.metrics
    .filter(isBreaker)
    .find(({ name, failureCondition }) => readCondition(failureCondition)(eventsOf(state, name)));
  if (broken === undefined) return undefined;
  const { count, units } = eventsOf(state, broken.name).candidate;
  return judged(
    "rollback",
    "breaker",
    `${broken.name} is at its limit: ${count} of ${units} units of the candidate (${broken.failureCondition}).`,
  );
}

function eventsOf({ counts, units }: GateState, name: string) {
  const of = (arm: "candidate" | "stable") => {
    const count = counts[name]?.units[arm] ?? 0;
    return { count, units: units[arm], rate: units[arm] === 0 ? 0 : count / units[arm] };
  };
  return { candidate: of("candidate"), stable: of("stable") };
}

function harmText(worse: readonly string[], eHarm: number, alpha: number, { candidate }: PerArm<number>): string {
  const who = worse.length === 0 ? "The candidate is worse in some guardrail, and none alone is to blame" : `${listed(worse)} got worse`;
  return `${who}: evidence ${eHarm.toPrecision(3)} of the ${(1 / alpha).toPrecision(3)} that roll back, after ${candidate} units of the candidate.`;
}

function lateBy(policy: LivePolicy, { step, stepElapsedMs }: Moment): Judged | undefined {
  const maxDuration = policy.steps[step]?.maxDuration;
  if (stepElapsedMs === undefined || maxDuration === undefined || stepElapsedMs < durationMs(maxDuration)) return undefined;
  return judged(policy.onTimeout, "timeout", `Step ${step + 1} has taken longer than the ${maxDuration} it may take.`);
}

/** The reason to hold a rollout, however well it does. */
function heldBy(state: GateState, policy: LivePolicy, stepUnits: PerArm<number>): Judged | undefined {
  if (stepUnits.candidate + stepUnits.stable === 0) return judged("hold", "no_units", "No unit of this step has been settled yet.");
  if (state.split.eValue >= 1 / policy.srm.alpha) {
    const { candidate, stable } = state.split.units;
    const observed = `${((100 * candidate) / (candidate + stable)).toFixed(1)} %`;
    const wanted = `${(100 * state.split.share).toFixed(1)} %`;
    return judged(
      policy.srm.action,
      "split",
      `The candidate has ${observed} of the units where it should have ${wanted}: something loses units, and no comparison is fair.`,
    );
  }
  const silent = policy.metrics.flatMap(({ name }) => unscoredText(state, name, policy.onMissing.maxUnscored ?? MAX_UNSCORED));
  if (silent.length > 0) return judged("hold", "not_scored", `${listed(silent)} ${silent.length === 1 ? "has" : "have"} no value.`);
  const worse = harmOf(state, policy, "signal").filter(({ eValue }) => eValue >= 1 / policy.rollback.alpha);
  if (worse.length > 0)
    return judged("hold", "signal", `${listed(worse.map(({ name }) => name))} got worse; signals hold and never roll back.`);
  return undefined;
}

/** The arms in which a metric lacks a larger share of units than allowed, in words; empty where there are none. */
function unscoredText({ means, counts, units }: GateState, name: string, shareMax: number): string[] {
  const mean = means[name];
  const { unscored } = mean ?? counts[name] ?? NO_COUNT_EVIDENCE;
  const unitsOf = (arm: Arm): number => (mean === undefined ? units[arm] : mean.arms[arm].n);
  const arm = ARMS.find((one) => unitsOf(one) > 0 && unscored[one] / unitsOf(one) > shareMax);
  return arm === undefined ? [] : [`${name} of ${unscored[arm]} of the ${unitsOf(arm)} units of the ${arm}`];
}

function stepDone(
  policy: LivePolicy,
  { step }: Moment,
  stepUnits: PerArm<number>,
  { isLastStep, metrics }: Pick<LiveVerdict, "isLastStep" | "metrics">,
): Judged {
  const missing = (policy.steps[step]?.minUnits ?? 0) - stepUnits.candidate;
  if (missing > 0) return judged("hold", "units_missing", `Step ${step + 1} needs ${missing} more units of the candidate.`);
  if (!isLastStep)
    return judged("promote", "step_done", `Step ${step + 1} has its ${stepUnits.candidate} units of the candidate, and nothing got worse.`);
  const open = metrics.filter(({ role, standing }) => role === "guardrail" && standing !== "safe").map(({ name }) => name);
  if (open.length > 0)
    return judged("hold", "not_shown_safe", `${listed(open)} ${open.length === 1 ? "is" : "are"} not shown yet to stay within the margin.`);
  return judged("promote", "shown_safe", safeText(policy));
}

/** Counting metrics only show no harm, which is weaker than staying within a margin. */
function safeText({ metrics }: LivePolicy): string {
  const guardrails = metrics.filter(({ role }) => role === "guardrail");
  const counted = guardrails.filter(isCount).map(({ name }) => name);
  if (counted.length === 0) return "Every guardrail is shown to stay within its margin.";
  const meant = guardrails.filter(isMean).map(({ name }) => name);
  const unharmed = `no harm was seen of ${listed(counted)}`;
  if (meant.length === 0) return `${unharmed.charAt(0).toUpperCase()}${unharmed.slice(1)}.`;
  return `${listed(meant)} ${meant.length === 1 ? "is" : "are"} shown to stay within the margin, and ${unharmed}.`;
}

/** Names joined for a sentence: `a, b and c`. */
function listed(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? "") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
