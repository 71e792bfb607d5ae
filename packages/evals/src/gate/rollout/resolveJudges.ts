import { AppError, type CanaryMetric, type GatePolicy, type JudgeCalibration, JudgePolicy, type ScorerChoice } from "@signalbox/model";
import { type JudgedScorer, judgedScorers } from "../../calibration/index.ts";
import { isMean } from "../live/livePolicy.ts";
import { gateCalibration } from "../offline/gateCalibration.ts";
import { whyUncalibrated } from "../offline/whyUncalibrated.ts";

/** The policy with which a rollout begins; `held` names each guardrail that is demoted to a signal, and why. */
export interface ResolvedPolicy {
  readonly policy: GatePolicy;
  readonly held: readonly string[];
}

/**
 * Demotes guardrails scored by a judge to signals, unless the judge agrees with people as the policy asks (by default as
 * in `JudgePolicy`): a judge may err in one arm more than in the other, so it must neither roll back nor promote. `rules`
 * score the project's traffic, `records` calibrate its judges. Throws `invalid_input` where no guardrail is left. Pure.
 */
export function resolveJudges(
  policy: GatePolicy,
  rules: readonly { readonly scorers: readonly ScorerChoice[] }[],
  records: readonly JudgeCalibration[],
): ResolvedPolicy {
  const { canary } = policy.spec;
  if (canary === undefined) return { policy, held: [] };
  const judges = judgedScorers(rules, records);
  const held: string[] = [];
  const metrics = canary.metrics.map((metric): CanaryMetric => {
    const why = whyOnlySignal(metric, judges);
    if (why === undefined) return metric;
    held.push(`${metric.name} can only hold. ${why}`);
    return { ...metric, role: "signal" } as CanaryMetric;
  });
  if (held.length === 0) return { policy, held };
  if (!metrics.some(({ role }) => role === "guardrail"))
    throw new AppError("invalid_input", `The policy would have no guardrail: ${held.join(" ")}`, {
      hint: "./signalbox judge calibrate compares a judge with people; or name a guardrail that no judge scores.",
    });
  return { policy: { ...policy, spec: { ...policy.spec, canary: { ...canary, metrics } } }, held };
}

/** Why a guardrail has to be a signal; undefined for one that need not, and for other metrics. */
function whyOnlySignal(metric: CanaryMetric, judges: readonly JudgedScorer[]): string | undefined {
  if (!isMean(metric) || metric.role !== "guardrail") return undefined;
  const behind = judges.filter(({ scoreName }) => scoreName === metric.name);
  if (metric.judge === undefined && behind.length === 0) return undefined;
  const asked = metric.judge ?? JudgePolicy.parse({});
  if (asked.calibration === "optional") return undefined;
  if (behind.length === 0) return "No score rule of the project asks a judge for it.";
  for (const { standing } of behind) {
    const calibration =
      "calibration" in standing ? gateCalibration(standing.calibration.labels, standing.calibration.record.kappa) : undefined;
    const why = whyUncalibrated(asked, calibration);
    if (why !== undefined) return why;
  }
  return undefined;
}
