import { askDrop, dropSentence, type Forecast, forecast, hoursText, type LivePolicy, type SimulatedTraffic } from "@signalbox/evals";
import { AppError, countText, percentText } from "@signalbox/model";
import { EXIT } from "../../commandLine/exitCode.ts";
import { startProgress } from "../../commandLine/progress.ts";
import { textTable } from "../../commandLine/textTable.ts";
import type { Act } from "../../commandLine/verb.ts";
import { requirePolicy } from "../policyFile.ts";

/** The flags of `signalbox gate simulate`. */
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
  unit: "session" | "user";
  metric: string;
  drop: number;
  unitsPerHour: number;
  means: SimulatedTraffic["means"];
  sims: number;
  worse: Forecast;
  equal: Forecast;
};

/**
 * `signalbox gate simulate`: how a policy would treat a candidate that
 * is worse in one metric, and one that is equal, under a given traffic.
 */
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

/** Parses means written as `name=value`. */
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

function answerText(answer: Answer): string {
  const { policy, unit, drop, sims, worse, equal } = answer;
  const row = (name: string, one: Forecast): string[] => [
    ...[name, percentText(one.rolledBack), percentText(one.promoted), percentText(one.held)],
    ...[
      `${countText(one.candidateUnits.median)} / ${countText(one.candidateUnits.p90)}`,
      `${hoursText(one.hours.median)} / ${hoursText(one.hours.p90)}`,
    ],
  ];
  return [
    dropSentence(answer),
    "",
    textTable([
      ["candidate", "rolled back", "promoted", "held", `${unit}s of it, half / nine of ten`, "time"],
      row(`worse by ${drop}`, worse),
      row("equal", equal),
    ]),
    "",
    `${sims} simulated rollouts of ${policy} each; an estimate: units come evenly, count once the scoring lag is over (units that come meanwhile are in these numbers), and metrics vary by themselves.`,
  ].join("\n");
}
