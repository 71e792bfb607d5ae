import { askDrop, type Forecast, forecast, type LivePolicy, type SimulatedTraffic } from "@signalbox/evals";
import { AppError } from "@signalbox/model";
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
  const asked = askDrop(spec.canary, {
    ...{ unitsPerHour: flags.perHour, hoursMax: flags.hours, metric: flags.metric, drop: flags.drop },
    means: readMeans(spec.canary, flags.mean),
  });
  const { sims, seed } = flags;
  const progress = startProgress(output, "simulated rollouts", 2 * sims);
  let done = 0;
  const onProgress = (): void => progress.update(++done);
  const [worse, equal] = [asked.worse, asked.equal].map((traffic) =>
    forecast(spec.canary as LivePolicy, traffic, { sims, seed, onProgress }),
  ) as [Forecast, Forecast];
  progress.stop();
  const { metric, drop } = asked;
  const answer = {
    ...{ policy: metadata.name, unit: spec.unit, metric, drop, unitsPerHour: flags.perHour },
    ...{ means: asked.worse.means, sims, worse, equal },
  };
  output.result(answer, () => answerText(answer));
  return EXIT.pass;
};

/** Means as they are written, `name=value`. */
function readMeans({ metrics }: LivePolicy, given: readonly string[]): Record<string, number> {
  return Object.fromEntries(
    given.map((text) => {
      const [, name = "", value] = /^(.+)=(-?\d+(?:\.\d+)?)$/.exec(text) ?? [];
      if (value === undefined)
        throw new AppError("invalid_input", `"${text}" is no mean of a metric.`, {
          hint: `It is like task_success=0.85, of one of ${metrics.map((metric) => metric.name).join(", ")}.`,
        });
      return [name, Number(value)];
    }),
  );
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
