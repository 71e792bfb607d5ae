import { type Forecast, forecast, type LivePolicy, type SimulatedTraffic } from "@signalbox/evals";
import { AppError, type CanaryMetric, nearestName } from "@signalbox/model";
import { EXIT } from "../commandLine/exitCode.ts";
import { startProgress } from "../commandLine/progress.ts";
import { textTable } from "../commandLine/textTable.ts";
import type { Act } from "../commandLine/verb.ts";
import { requirePolicy } from "./policyFile.ts";

/** What `signalbox gate simulate` may be told. */
interface SimulateFlags {
  policy: string;
  perHour: number;
  metric?: string;
  drop?: number;
  mean: string[];
  hours: number;
  sims: number;
  seed: number;
}

type Answer = {
  policy: string;
  unit: string;
  metric: string;
  drop: number;
  unitsPerHour: number;
  means: SimulatedTraffic["means"];
  sims: number;
  worse: Forecast;
  equal: Forecast;
};

/** `signalbox gate simulate`: what a policy would do with a traffic, to a candidate that is worse in one metric and to one that is equal. */
export const simulate: Act<SimulateFlags> = async ({ output, flags }) => {
  const { metadata, spec } = requirePolicy(flags.policy);
  if (spec.canary === undefined) throw new AppError("invalid_input", `${metadata.name} has no canary: there is no rollout to simulate.`);
  const metric = chosenMetric(spec.canary, flags.metric);
  const drop = flags.drop ?? usualDrop(metric);
  const stable = stableMeans(spec.canary, flags.mean);
  const traffic = (worseBy: number): SimulatedTraffic => ({
    unitsPerHour: flags.perHour,
    hoursMax: flags.hours,
    means: Object.fromEntries(
      [...stable].map(([name, mean]) => [name, { stable: mean, candidate: name === metric.name ? worsened(metric, mean, worseBy) : mean }]),
    ),
  });

  const { sims, seed } = flags;
  const progress = startProgress(output, "simulated rollouts", 2 * sims);
  let done = 0;
  const onProgress = (): void => progress.update(++done);
  const [worse, equal] = [drop, 0].map((by) => forecast(spec.canary as LivePolicy, traffic(by), { sims, seed, onProgress })) as [
    Forecast,
    Forecast,
  ];
  progress.stop();
  const { means } = traffic(drop);
  const answer = {
    policy: metadata.name,
    unit: spec.unit,
    metric: metric.name,
    drop,
    unitsPerHour: flags.perHour,
    means,
    sims,
    worse,
    equal,
  };
  output.result(answer, () => answerText(answer));
  return EXIT.pass;
};

/** The metric that gets worse: the one that is named, else the first guardrail. */
function chosenMetric({ metrics }: LivePolicy, name: string | undefined): CanaryMetric {
  const gathering = metrics.filter(({ role }) => role !== "breaker");
  const found = gathering.find((metric) => (name === undefined ? metric.role === "guardrail" : metric.name === name));
  if (found !== undefined) return found;
  const nearest = nearestName(
    name ?? "",
    gathering.map((metric) => metric.name),
  );
  throw new AppError("invalid_input", `The policy has no metric ${name} that gathers evidence.`, {
    hint: nearest === undefined ? `It has ${gathering.map((metric) => metric.name).join(", ")}.` : `Did you mean ${nearest}?`,
  });
}

/** A drop of the margin's size, or one more event in a hundred units. */
const usualDrop = (metric: CanaryMetric): number => (metric.kind === "count" ? 0.01 : metric.nonInferiorityMargin);

/** A mean that is worse by an amount in the metric's own units. */
function worsened(metric: CanaryMetric, mean: number, by: number): number {
  const isLess = metric.kind !== "count" && metric.direction === "increase";
  return Number((isLess ? mean - by : mean + by).toPrecision(12));
}

/** What the stable version does, where nobody says it: nothing is known of a metric, and these are middling. */
function usualMean(metric: CanaryMetric): number {
  if (metric.kind === "count") return 0.01;
  const share = metric.direction === "increase" ? 0.8 : 0.1;
  if (metric.kind === "score") return metric.range[0] + share * (metric.range[1] - metric.range[0]);
  return metric.kind === "bounded" ? 0.4 * metric.cap : share;
}

/** The stable version's means: those that are given as `name=value`, else usual ones. */
function stableMeans({ metrics }: LivePolicy, given: readonly string[]): Map<string, number> {
  const means = new Map(metrics.map((metric) => [metric.name, usualMean(metric)]));
  for (const text of given) {
    const [, name = "", value] = /^(.+)=(-?\d+(?:\.\d+)?)$/.exec(text) ?? [];
    if (value === undefined || !means.has(name))
      throw new AppError("invalid_input", `"${text}" is no mean of a metric.`, {
        hint: `It is like task_success=0.85, of one of ${[...means.keys()].join(", ")}.`,
      });
    means.set(name, Number(value));
  }
  return means;
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const count = (value: number): string => Math.round(value).toLocaleString("en-US");
const hours = (value: number): string => (value < 48 ? `${value.toFixed(1)} hours` : `${(value / 24).toFixed(1)} days`);

function answerText({ policy, unit, metric, drop, unitsPerHour, means, sims, worse, equal }: Answer): string {
  const { stable, candidate } = means[metric] ?? { stable: 0, candidate: 0 };
  const found = `after about ${count(worse.candidateUnits.median)} ${unit}s of the candidate (${count(worse.units.median)} in all, ${hours(worse.hours.median)})`;
  const sentence =
    worse.rolledBackByEvidence >= 0.5
      ? `With ${count(unitsPerHour)} ${unit}s an hour, ${metric} at ${candidate} instead of ${stable} is found ${found}.`
      : `With ${count(unitsPerHour)} ${unit}s an hour, ${metric} at ${candidate} instead of ${stable} is found in ${percent(worse.rolledBackByEvidence)} of the rollouts only.`;
  const row = (name: string, one: Forecast): string[] => [
    ...[name, percent(one.rolledBack), percent(one.promoted), percent(one.held)],
    ...[`${count(one.candidateUnits.median)} / ${count(one.candidateUnits.p90)}`, `${hours(one.hours.median)} / ${hours(one.hours.p90)}`],
  ];
  return [
    sentence,
    "",
    textTable([
      ["candidate", "rolled back", "promoted", "held", `${unit}s of it, half / nine of ten`, "time"],
      row(`worse by ${drop}`, worse),
      row("equal", equal),
    ]),
    "",
    `${sims} simulated rollouts of ${policy} each; an estimate: units come evenly, settle at once, and metrics vary by themselves.`,
  ].join("\n");
}
